import type { Program } from '../process.ts'
import { parseOptions, refuseOption } from './program.ts'

/** Another shell: at its own prompt, or with `-c` for one text. It is the kind the board has. */
export const sh: Program = async (process) => {
  const argv = process.argv.filter((word) => word !== '--norc')
  const options = parseOptions(argv, 'c:i')
  if (typeof options === 'string') return refuseOption(process, options)
  const [script] = options.operands
  const text = options.values.get('c')
  if (script !== undefined && text === undefined) return refuseOption(process, script)
  return process.system.shell(process, text)
}
