import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Transferred } from '../../board/file-transfer.ts'
import type { CallBoard, FileCall } from '../board/board-calls.ts'
import { callTime } from './call-time.ts'
import type { FileOptions, PutFileOptions, SpecFiles } from './spec-files.ts'
import { step } from './step.ts'

/** Each transfer is a step of its test, so that reports show it with its duration. */
export function specFiles(call: CallBoard): SpecFiles {
  const get = (path: string, file: string, { onProgress, ...options }: FileOptions) =>
    step(`get ${path}`, () => call('getFile', path, file, fileCall(options), onProgress))
  const put = (
    file: string | Uint8Array,
    path: string,
    { onProgress, ...options }: PutFileOptions,
  ): Promise<Transferred> =>
    step(`put ${path}`, () => call('putFile', file, path, fileCall(options), onProgress))
  return {
    put: async (file, path, options = {}) => put(localPath(file), path, options),
    get: async (path, file, options = {}) => get(path, localPath(file), options),
    write: async (path, content, options = {}) =>
      put(typeof content === 'string' ? Buffer.from(content) : content, path, options),
    async read(path, options = {}) {
      const directory = await mkdtemp(join(tmpdir(), 'hil-read-'))
      try {
        const file = join(directory, 'content')
        await get(path, file, options)
        return await readFile(file, 'utf8')
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
  }
}

function localPath(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : resolve(file)
}

function fileCall({ timeout, by, mode }: Omit<PutFileOptions, 'onProgress'>): FileCall {
  return { ...callTime(timeout), ...(by && { by }), ...(mode !== undefined && { mode }) }
}
