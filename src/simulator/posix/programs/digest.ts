import { createHash } from 'node:crypto'
import { toBytes } from '../../binary.ts'
import type { Program } from '../process.ts'
import { parseOptions, print, readInput, refuseOption } from './program.ts'

/** `md5sum` and its like. */
export function digestProgram(algorithm: string): Program {
  return async (process) => {
    const options = parseOptions(process.argv, '')
    if (typeof options === 'string') return refuseOption(process, options)
    let status = 0
    for (const name of options.operands.length > 0 ? options.operands : ['-']) {
      const text = await readInput(process, name)
      if (text === undefined) status = 1
      else await print(process, `${createHash(algorithm).update(toBytes(text)).digest('hex')}  ${name}\n`)
    }
    return status
  }
}

export const base64: Program = async (process) => {
  const options = parseOptions(process.argv, 'dw:')
  if (typeof options === 'string') return refuseOption(process, options)
  const text = await readInput(process, options.operands[0] ?? '-')
  if (text === undefined) return 1
  if (options.flags.has('d')) await print(process, Buffer.from(text, 'base64').toString('latin1'))
  else {
    const encoded = Buffer.from(text, 'latin1').toString('base64')
    const width = Number(options.values.get('w') ?? '76')
    await print(process, width === 0 ? encoded : encoded.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'))
  }
  return 0
}
