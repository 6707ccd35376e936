import type { Barebox } from '../barebox.ts'

const prefix = 'linux.bootargs.'

/**
 * The kernel's command line: all `global.linux.bootargs.*` in the order of their names. Empty ones
 * leave their separator behind.
 */
export function bootargs({ variables }: Barebox, more: readonly string[]): string {
  const values = [...variables.globalsBeginning(prefix).map(({ value }) => value), ...more]
  return values.join(' ').trimStart()
}

/** Every attempt to boot, a dry run too, empties the dynamic part. */
export function clearDynamicBootargs({ variables }: Barebox): void {
  for (const { name } of variables.globalsBeginning(`${prefix}dyn.`)) variables.set(`global.${name}`, '')
}
