import type { Program } from '../process.ts'
import { complain, parseOptions, print, readInput, refuseOption } from './program.ts'

export const grep: Program = async (process) => {
  const options = parseOptions(process.argv, 'qvicnEFohse:')
  if (typeof options === 'string') return refuseOption(process, options)
  const operands = [...options.operands]
  const pattern = options.values.get('e') ?? operands.shift()
  if (pattern === undefined) {
    await complain(process, 'usage: grep PATTERN [FILE]...')
    return 2
  }
  const { flags } = options
  const source = flags.has('F')
    ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    : flags.has('E')
      ? pattern
      : basicToExtended(pattern)
  const regExp = new RegExp(source, flags.has('i') ? 'i' : '')
  let found = 0
  for (const name of operands.length > 0 ? operands : ['-']) {
    const text = await readInput(process, name)
    if (text === undefined) continue
    const lines = text.replace(/\n$/, '').split('\n')
    const prefix = operands.length > 1 && !flags.has('h') ? `${name}:` : ''
    const matching = lines
      .map((line, index) => ({ line, index }))
      .filter(({ line }) => regExp.test(line) !== flags.has('v'))
    if (text === '') matching.length = 0
    found += matching.length
    if (flags.has('q')) continue
    if (flags.has('c')) await print(process, `${prefix}${matching.length}\n`)
    else {
      for (const { line, index } of matching) {
        const shown = flags.has('o') ? (regExp.exec(line)?.[0] ?? '') : line
        await print(process, `${prefix}${flags.has('n') ? `${index + 1}:` : ''}${shown}\n`)
      }
    }
  }
  return found > 0 ? 0 : 1
}

/** In basic expressions the backslash makes `( ) { } + ? |` special, in extended ones it takes that away. */
function basicToExtended(pattern: string): string {
  return pattern.replace(
    /\\([(){}+?|])|([(){}+?|])/g,
    (_, escaped: string | undefined, plain: string | undefined) => escaped ?? `\\${plain ?? ''}`,
  )
}
