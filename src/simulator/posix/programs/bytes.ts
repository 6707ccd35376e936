import { gunzipSync, gzipSync } from 'node:zlib'
import { posixCksum } from '../../../core/posix-cksum.ts'
import { fromBytes, toBytes } from '../../binary.ts'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Process, Program } from '../process.ts'
import { complain, parseOptions, print, readAll, readInput, refuseOption } from './program.ts'

export const cksum: Program = async (process) => {
  const options = parseOptions(process.argv, '')
  if (typeof options === 'string') return refuseOption(process, options)
  const [name] = options.operands
  const text = await readInput(process, name ?? '-')
  if (text === undefined) return 1
  await print(process, `${posixCksum(toBytes(text))} ${text.length}${name === undefined ? '' : ` ${name}`}\n`)
  return 0
}

/** As a filter only: from standard input to standard output. */
export const gzip: Program = async (process) => {
  const options = parseOptions(process.argv, 'cdn')
  if (typeof options === 'string') return refuseOption(process, options)
  if (options.operands.length > 0) return refuseOption(process, options.operands.join(' '))
  const input = toBytes(await readAll(process))
  if (!options.flags.has('d')) {
    await print(process, fromBytes(gzipSync(input)))
    return 0
  }
  try {
    await print(process, fromBytes(gunzipSync(input)))
    return 0
  } catch {
    await complain(process, 'invalid magic')
    return 1
  }
}

/** `if=`, `bs=`, `skip=` and `count=`, to standard output. */
export const dd: Program = async (process) => {
  const operands = new Map(process.argv.slice(1).map((word) => word.split('=', 2) as [string, string]))
  const unknown = [...operands.keys()].find((name) => !['if', 'bs', 'skip', 'count'].includes(name))
  if (unknown !== undefined) return refuseOption(process, `${unknown}=`)
  const number = (name: string, otherwise: number) => Number(operands.get(name) ?? otherwise)
  const text = await readInput(process, operands.get('if') ?? '-')
  if (text === undefined) return 1
  const size = number('bs', 512)
  const start = number('skip', 0) * size
  await print(process, text.slice(start, start + number('count', Number.POSITIVE_INFINITY) * size))
  await process.streams.get(2)?.write?.('records in and out\n', process.signals)
  return 0
}

export const stat: Program = async (process) => {
  const options = parseOptions(process.argv, 'c:')
  if (typeof options === 'string') return refuseOption(process, options)
  const format = options.values.get('c')
  if (format !== '%a') return refuseOption(process, `-c ${format}`)
  let status = 0
  for (const name of options.operands) status = (await printMode(process, name)) ? status : 1
  return status
}

async function printMode(process: Process, name: string): Promise<boolean> {
  try {
    const node = process.system.files.get(resolvePath(process.directory, name))
    await print(process, `${('mode' in node ? node.mode : 0o600).toString(8)}\n`)
    return true
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error
    await complain(process, `can't stat '${name}': ${error.message}`)
    return false
  }
}
