import type { Program } from '../process.ts'
import { parseOptions, print, readInput, refuseOption } from './program.ts'

/** Large texts go out in pieces, so that a signal and a slow line have their say. */
const pieceLength = 16_384

export const cat: Program = async (process) => {
  const options = parseOptions(process.argv, 'u')
  if (typeof options === 'string') return refuseOption(process, options)
  const names = options.operands.length > 0 ? options.operands : ['-']
  let status = 0
  for (const name of names) {
    if (name === '-') {
      await copyInput(process)
      continue
    }
    const text = await readInput(process, name)
    if (text === undefined) status = 1
    else
      for (let at = 0; at < text.length; at += pieceLength)
        await print(process, text.slice(at, at + pieceLength))
  }
  return status
}

const copyInput: Program = async (process) => {
  for (;;) {
    const piece = (await process.streams.get(0)?.read?.(process.signals)) ?? ''
    if (piece === '') return 0
    await print(process, piece)
  }
}
