import type { SimulatorOptions } from '../../options.ts'

/** The persistent variables a board has at its first start: barebox's own, and what the options say. */
export function initialVariables({ barebox }: SimulatorOptions): Map<string, string> {
  const variables = new Map([
    ['allow_color', barebox.color ? 'true' : 'false'],
    ['autoboot_timeout', String(barebox.autobootTimeout)],
    ['user', 'none'],
  ])
  if (barebox.autoboot !== 'countdown') variables.set('autoboot', barebox.autoboot)
  if (barebox.abortKey !== 'any') variables.set('autoboot_abort_key', barebox.abortKey)
  if (barebox.bootchooser === undefined) return variables
  const { targets, attempts } = barebox.bootchooser
  variables.set('boot.default', 'bootchooser')
  variables.set('bootchooser.targets', targets.join(' '))
  variables.set('bootchooser.default_attempts', String(attempts))
  for (const target of targets) variables.set(`bootchooser.${target}.boot`, 'virtioblk0')
  return variables
}
