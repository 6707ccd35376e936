import { getSystemErrorMap } from 'node:util'
import { messageOf } from './errors.ts'

/** What Node tells of a system call that failed. */
interface SystemError extends NodeJS.ErrnoException {
  readonly address?: string
  readonly port?: number
  readonly hostname?: string
}

/**
 * Why something failed, as the end of a sentence that says what and where. Of a system call that are the words for
 * its errno: Node's own message begins with the code, and names the file again.
 * @param named the file or socket that the sentence names; where the call failed for another one, that is told
 */
export function reasonOf(error: unknown, named?: string): string {
  // Where a name has several addresses, Node says nothing of an attempt to connect but the errors of each.
  if (error instanceof AggregateError) return error.errors.map((each) => reasonOf(each)).join(', ')
  if (!(error instanceof Error)) return messageOf(error)
  const { code, errno, syscall, path, address, port, hostname }: SystemError = error
  if (code === undefined || syscall === undefined) return error.message
  const words = wordsFor[code] ?? getSystemErrorMap().get(errno ?? 0)?.[1] ?? code
  const where = address === undefined ? hostname : `${address}${port === undefined ? '' : `:${port}`}`
  if (where !== undefined) return where === named ? words : `${words} (${where})`
  return named === undefined || path === undefined || path === named ? words : `${path}: ${words}`
}

/** Where libuv has no words, such as don't fit a file, or others than `isHostFailure` knows. */
const wordsFor: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'temporary failure in name resolution',
  EDQUOT: 'disk quota exceeded',
  'Unknown system error -122': 'disk quota exceeded',
}
