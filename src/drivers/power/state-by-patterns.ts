import type { z } from 'zod'
import type { DriverContext } from '../../board/driver.ts'
import type { PowerState } from '../../board/power-switch.ts'
import { patternOption } from '../../board/pattern-option.ts'

/** How to read the state out of a text. */
export const statePatterns = {
  on: patternOption('Matches when the power is on.').meta({ examples: ['^(1|on|ON|true)$'] }),
  off: patternOption('Matches when the power is off.').meta({ examples: ['^(0|off|OFF|false)$'] }),
}

/** The state that exactly one of two patterns finds in a text. */
export function stateByPatterns(
  text: string,
  { on, off }: z.output<z.ZodObject<typeof statePatterns>>,
  log: DriverContext['log'],
): PowerState {
  const isOn = new RegExp(on).test(text)
  const isOff = new RegExp(off).test(text)
  if (isOn !== isOff) return isOn ? 'on' : 'off'
  log('the power status is neither on nor off, or both', { status: text, on, off })
  return 'unknown'
}
