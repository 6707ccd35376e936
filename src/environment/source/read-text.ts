import { readFile } from 'node:fs/promises'
import { reasonOf } from '../../core/reason-of.ts'

/** The text of a file, or why there is none, as the end of a sentence. */
export async function readText(file: string): Promise<{ text: string } | { failure: string }> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    return { failure: failures[codeOf(error)] ?? `can't be read: ${reasonOf(error)}` }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { failure: 'is not text in UTF-8' }
  }
}

const failures: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory, not a file',
  EACCES: "can't be read: permission denied",
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
