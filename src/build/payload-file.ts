import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { payloadError } from '../codecs/payload-error.ts'
import { messageOf } from '../core/errors.ts'
import { artifactsOf, type Payload } from '../payload/index.ts'
import { unreadable } from './files.ts'

/** The file that makes a directory a payload. */
export const payloadFileName = 'payload.json'
const formatVersion = 1

const artifact = z.object({
  kind: z.enum(['kernel', 'fit', 'device-tree', 'overlay', 'initrd']),
  name: z.string().min(1),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  crc32: z.int().min(0),
  origin: z.object({
    kind: z.enum(['kernel-tree', 'debian-package', 'fit', 'file', 'made']),
    path: z.string(),
    revision: z.string().optional(),
    configSha256: z.string().optional(),
    compiler: z.string().optional(),
  }),
})

const schema = z.object({
  hil: z.literal(formatVersion),
  nonce: z.string().regex(/^[0-9a-f]{12}$/),
  kernel: z.object({
    architecture: z.string().optional(),
    release: z.string().optional(),
    banner: z.string().optional(),
    buildId: z.string().optional(),
    unpacks: z.array(z.string()).optional(),
  }),
  bootargs: z.array(z.string()),
  image: z
    .object({ artifact, brings: z.object({ deviceTree: z.boolean(), initrd: z.boolean() }) })
    .optional(),
  deviceTree: z.object({
    base: z.union([z.enum(['own', 'bootloader']), artifact]),
    overlays: z.array(artifact),
  }),
  initrd: z.object({ keepsOwn: z.boolean(), parts: z.array(artifact) }),
})

/** Writes `payload.json`: the same payload always gives the same bytes. */
export async function writePayloadFile(directory: string, payload: Payload): Promise<void> {
  const { nonce, kernel, bootargs, image, deviceTree, initrd } = payload
  const content = { hil: formatVersion, nonce, kernel, bootargs, image, deviceTree, initrd }
  await writeFile(join(directory, payloadFileName), `${JSON.stringify(content, undefined, 2)}\n`)
}

/** Reads the payload that a directory is. Throws `payload.unreadable` and `payload.not-a-payload`. */
export async function readPayloadFile(directory: string): Promise<Payload> {
  const file = join(directory, payloadFileName)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error)
  })
  try {
    const { hil: _, kernel, ...rest } = schema.parse(JSON.parse(text))
    const { architecture, release, banner, buildId, unpacks } = kernel
    // What the schema leaves as text was written from these very types.
    return {
      ...rest,
      image: rest.image,
      kernel: { architecture, release, banner, buildId, unpacks },
    } as Payload
  } catch (error) {
    const why =
      error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') : messageOf(error)
    throw payloadError(
      'payload.not-a-payload',
      `${file} is not what hil payload build writes: ${why}`,
      { file },
      error,
    )
  }
}

/** Where the artifacts of a payload are, by their names. */
export function artifactPaths(directory: string, payload: Payload): ReadonlyMap<string, string> {
  return new Map(artifactsOf(payload).map(({ name }) => [name, join(directory, name)]))
}
