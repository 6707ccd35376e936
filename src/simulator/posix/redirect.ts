import { FileTreeError, resolvePath } from '../files/file-tree.ts'
import { expandOne, type Substitute } from './expand.ts'
import type { Shell } from './shell.ts'
import { nullStream, textStream, type Stream, type Streams } from './streams.ts'
import type { Redirect } from './syntax.ts'

/**
 * Runs something with other file descriptors.
 * @param keep leaves them so, as `exec` does
 * @returns its status, or 1 when a file could not be opened
 */
export async function withRedirects(
  shell: Shell,
  redirects: readonly Redirect[],
  substitute: Substitute,
  work: () => Promise<number>,
  { keep = false } = {},
): Promise<number> {
  const before = shell.streams
  const streams = new Map<number, Stream>(before)
  for (const redirect of redirects) {
    const problem = await apply(shell, redirect, streams, substitute)
    if (problem === undefined) continue
    await shell.complain(problem)
    return 1
  }
  shell.streams = streams
  try {
    return await work()
  } finally {
    if (!keep) shell.streams = before
  }
}

/** @returns what went wrong */
async function apply(
  shell: Shell,
  { fd, operator, target }: Redirect,
  streams: Map<number, Stream>,
  substitute: Substitute,
): Promise<string | undefined> {
  const text = await expandOne(shell, target, substitute)
  if (operator === 'here') {
    streams.set(fd, textStream(text))
    return undefined
  }
  if (operator === '<&' || operator === '>&') return duplicate(streams, fd, text)
  try {
    streams.set(fd, openFile(shell, operator, text))
    return undefined
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    const reading = operator === '<'
    const reason =
      error.reason === 'No such file or directory'
        ? reading
          ? 'no such file'
          : 'nonexistent directory'
        : error.message
    return `can't ${reading ? 'open' : 'create'} ${text}: ${reason}`
  }
}

function duplicate(streams: Map<number, Stream>, fd: number, target: string): string | undefined {
  if (target === '-') {
    streams.delete(fd)
    return undefined
  }
  const stream = (streams as Streams).get(Number(target))
  if (stream === undefined) return `${target}: bad file descriptor`
  streams.set(fd, stream)
  return undefined
}

function openFile({ system, directory }: Shell, operator: string, name: string): Stream {
  const path = resolvePath(directory, name)
  if (path === '/dev/null') return nullStream
  if (path === '/dev/tty' || path === '/dev/console') return system.tty.stream
  if (operator === '<') return textStream(system.files.read(path))
  if (operator !== '>>' && operator !== '<>') system.files.write(path, '')
  else if (system.files.find(path) === undefined) system.files.write(path, '')
  return {
    write: (text) => {
      system.files.write(path, text, { append: true })
      return undefined
    },
    ...(operator === '<>' ? textStream(system.files.read(path)) : {}),
  }
}
