import { link, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { checkExtraction, unpackInitramfs, type Initramfs, type TreeNode } from '../../codecs/cpio/index.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { initramfsAt } from './initramfs-at.ts'

export interface ExtractArguments {
  /** A payload, or an initramfs. */
  readonly path: string
  /** Files and directories of the initramfs; none: all. */
  readonly files: readonly string[]
  /** A directory that is empty, or not there yet. */
  readonly output: string
}

/**
 * `hil payload extract`: an initramfs as the kernel will unpack it, below a directory. Owners, set-id bits and device
 * nodes are left out: they are for the board.
 *
 * @throws HilError `payload.no-initramfs`, `payload.no-file`, `payload.output` (environment), `cpio.*` (payload)
 */
export async function extractPayloadCommand(args: ExtractArguments, cwd = process.cwd()): Promise<number> {
  const { initramfs } = await initramfsAt(resolve(cwd, args.path))
  if (initramfs === undefined) throw wrong('payload.no-initramfs', `${args.path} has no initramfs`)
  const tree = safeTree(initramfs)
  const chosen = choose([...tree], args)
  const directory = await emptyDirectory(resolve(cwd, args.output))
  await writeTree(chosen, directory).catch((cause: unknown) => {
    throw wrong('payload.output', `${args.output} can't be written: ${reasonOf(cause)}`, cause)
  })
  const left = chosen.filter(([, { type }]) => !isWritten(type))
  for (const [path, { type }] of left)
    process.stdout.write(`left out: /${path} (${type.replace('-', ' ')})\n`)
  const count = chosen.length - left.length
  process.stdout.write(
    `${args.output}: ${count === 1 ? '1 file or directory' : `${count} files and directories`}\n`,
  )
  return 0
}

type Placed = [path: string, node: TreeNode]

/** The kernel follows the links of an initramfs inside of it, as this does; here, no archive may count on that. */
function safeTree(initramfs: Initramfs): Iterable<Placed> {
  if (initramfs.failure !== undefined) throw initramfs.failure
  for (const { archives } of initramfs.members) archives.forEach(checkExtraction)
  return unpackInitramfs(initramfs).list()
}

function choose(tree: readonly Placed[], { path, files }: ExtractArguments): readonly Placed[] {
  if (files.length === 0) return tree
  const wanted = files.map((file) => file.split('/').filter(Boolean).join('/'))
  const paths = new Set(tree.map(([each]) => each))
  const missing = wanted.find((each) => !paths.has(each))
  if (missing !== undefined) {
    throw wrong('payload.no-file', `the initramfs of ${path} has no /${missing}${didYouMean(missing, paths)}`)
  }
  return tree.filter(([each]) => wanted.some((one) => within(each, one) || within(one, each)))
}

function within(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

/** What lies there could be a link to somewhere else. */
async function emptyDirectory(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true })
    if ((await readdir(directory)).length === 0) return directory
  } catch (cause) {
    throw wrong('payload.output', `${directory} can't be written: ${reasonOf(cause)}`, cause)
  }
  throw wrong('payload.output', `${directory} is not empty: name another directory, or remove what is in it`)
}

/** Parents come before their children. */
async function writeTree(tree: readonly Placed[], directory: string): Promise<void> {
  const names = new Map<TreeNode, string>()
  for (const [path, node] of tree) {
    const target = join(directory, path)
    const permissions = (node.entry ?? node).permissions & 0o777
    const otherName = names.get(node)
    if (node.type === 'directory') await mkdir(target, { mode: permissions | 0o700 })
    else if (node.type === 'symlink') await symlink(node.linkTarget ?? '', target)
    else if (node.type === 'file' && otherName !== undefined) await link(otherName, target)
    else if (node.type === 'file')
      await writeFile(target, node.data, { mode: permissions | 0o400, flag: 'wx' })
    names.set(node, target)
  }
}

function isWritten(type: TreeNode['type']): boolean {
  return type === 'file' || type === 'directory' || type === 'symlink'
}

function wrong(code: string, message: string, cause?: unknown): HilError {
  return new HilError(code, message, { blame: 'environment', cause })
}
