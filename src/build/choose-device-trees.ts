import { openFdtRoot, toTexts } from '../codecs/fdt/index.ts'
import { mapConcurrently } from '../codecs/fit/map-concurrently.ts'
import { openPayloadFile } from './files.ts'
import type { ArtifactMaker } from './artifact-maker.ts'
import type { BoardTarget, PayloadRequest } from './build-request.ts'

/** The device trees for a payload: those that are asked for, or of all that there are those for its board. */
export async function treesFor(
  { board, deviceTrees: given, format }: PayloadRequest,
  deviceTrees: readonly string[],
  maker: Pick<ArtifactMaker, 'note'>,
): Promise<readonly string[]> {
  if (given.length > 0) return given
  if (board === undefined) return format === 'fit' ? deviceTrees : []
  const chosen = await chooseDeviceTrees(deviceTrees, board)
  if (chosen.length === 0 && deviceTrees.length > 0) {
    const wanted = board.compatible[0]
    maker.note(
      wanted === undefined
        ? `the environment does not say what ${board.name} is ("compatible"), so none of the ${deviceTrees.length} device trees is taken; the bootloader's own stays`
        : `none of the ${deviceTrees.length} device trees is for "${wanted}"; the bootloader's own stays`,
    )
  }
  return chosen
}

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
