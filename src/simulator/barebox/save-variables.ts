import type { Barebox } from './barebox.ts'

/** What barebox does when it ends in an orderly way; a power cut loses the changes. */
export async function saveVariables(
  { variables, hardware, print }: Barebox,
  { quiet = false } = {},
): Promise<void> {
  const { storage } = hardware
  if (!storage.bareboxDirty) return
  storage.bareboxDirty = false
  storage.environmentSaved = true
  storage.bareboxVariables = new Map(variables.persistent)
  if (!quiet) await print('nv variables modified, saving them\n')
}
