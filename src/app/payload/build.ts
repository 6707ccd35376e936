import { relative, resolve } from 'node:path'
import { buildPayload, type BuiltPayload } from '../../build/build-payload.ts'
import { artifactsOf, devbootName, devbootScript } from '../../payload/index.ts'
import { formatSize } from '../format-size.ts'
import { mergePayload, settingsOf, type PayloadArguments } from './arguments.ts'
import { findBoard } from './board-target.ts'
import { toRequest } from './payload-request.ts'
import { noPayload } from '../../environment/payload-settings.ts'

/** `hil payload build`, as it was typed. */
export interface PayloadBuildArguments extends PayloadArguments {
  readonly output: string
  readonly env: string | undefined
  readonly board: string | undefined
  readonly devboot: string | undefined
}

/** Makes a payload and says on stdout what is in it. @returns the exit code */
export async function buildPayloadCommand(args: PayloadBuildArguments, cwd = process.cwd()): Promise<number> {
  const board = args.env === undefined ? undefined : await findBoard(args.env, args.board, cwd)
  const settings = mergePayload(board?.boot.payload, settingsOf(args, cwd)) ?? noPayload
  const bootargs = [...(board?.boot.bootargs ?? []), ...(args.bootargs ?? [])]
  const built = await buildPayload(
    toRequest(settings, { output: resolve(cwd, args.output), board, bootargs }),
  )
  const script = args.devboot === undefined ? undefined : await writeDevboot(built, args.devboot)
  process.stdout.write(describe(built, cwd, script))
  return 0
}

/** `user:host`, into the payload's directory. */
async function writeDevboot({ payload, directory }: BuiltPayload, target: string): Promise<string> {
  const { writeFile } = await import('node:fs/promises')
  const [user = 'none', host = ''] = target.includes(':') ? target.split(':') : ['none', target]
  const name = devbootName({ user, host })
  await writeFile(resolve(directory, name), devbootScript(payload))
  return name
}

function describe(
  { payload, directory, made, initrd, notes }: BuiltPayload,
  cwd: string,
  script: string | undefined,
) {
  const { release, architecture } = payload.kernel
  const title = release === undefined ? 'no kernel' : `Linux ${release} (${architecture ?? 'unknown'})`
  const rows = artifactsOf(payload).map(
    ({ name, size }) =>
      `  ${name.padEnd(24)} ${formatSize(size).padStart(9)}  ${made.includes(name) ? 'made' : 'unchanged'}`,
  )
  const modules =
    initrd === undefined || initrd.modules === 0
      ? []
      : [
          `  ${initrd.modules} modules${initrd.loaded.length > 0 ? `, ${initrd.loaded.length} of them loaded before root` : ''}${initrd.strippedBytes > 0 ? `; ${formatSize(initrd.strippedBytes)} of debug information left out` : ''}`,
        ]
  return [
    `${relative(cwd, directory) || '.'}: ${title}, payload ${payload.nonce}`,
    ...rows,
    ...(script === undefined ? [] : [`  ${script}`]),
    ...modules,
    ...notes.map((note) => `  note: ${note}`),
    '',
  ].join('\n')
}
