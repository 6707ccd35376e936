import { openFdtRoot, toTexts } from '../codecs/fdt/index.ts'
import { mapConcurrently } from '../codecs/fit/map-concurrently.ts'
import { openPayloadFile } from './files.ts'
import type { BoardTarget } from './build-request.ts'

/**
 * The device trees among many that are for a board: those with its most specific `compatible`. For
 * U-Boot, which also compares the less specific ones, these serve where there is no better.
 */
export async function chooseDeviceTrees(
  files: readonly string[],
  { compatible, bootloader }: Pick<BoardTarget, 'compatible' | 'bootloader'>,
): Promise<string[]> {
  if (compatible.length === 0) return []
  const roots = await mapConcurrently(files, 16, async (file) => ({ file, own: await compatibleOf(file) }))
  const wanted = bootloader === 'uboot' ? compatible : compatible.slice(0, 1)
  for (const name of wanted) {
    const fitting = roots.filter(({ own }) => own.includes(name))
    // A tree that is for the board first of all comes before those that are for variants of it.
    const rank = ({ own }: { own: readonly string[] }) => own.indexOf(name)
    if (fitting.length > 0) return fitting.sort((a, b) => rank(a) - rank(b)).map(({ file }) => file)
  }
  return []
}

/** The root `compatible` of a device tree in a file. Throws `fdt.*`. */
export async function compatibleOf(file: string): Promise<readonly string[]> {
  await using source = await openPayloadFile(file)
  const value = (await openFdtRoot(source)).properties.get('compatible')?.bytes
  return value === undefined ? [] : toTexts(value, 'compatible')
}
