import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'

export type BisectedTree = Pick<PayloadSettings, 'kernelTree' | 'objects'>

/**
 * The kernel tree that is bisected: the command line's, else the one that all boards have in their environment.
 * @throws HilError `bisect.several-trees` (environment)
 */
export function kernelTreeOf(
  given: BisectedTree,
  boards: readonly Pick<BoardSpec, 'name' | 'boot'>[],
): BisectedTree {
  if (given.kernelTree !== undefined) return given
  const own = boards.map(({ name, boot }) => ({ name, tree: boot.payload?.kernelTree }))
  const [first] = own
  const other = own.find(({ tree }) => tree !== first?.tree)
  if (other !== undefined) {
    const told = [first, other].map((board) => `${board?.name ?? ''} has ${board?.tree ?? 'none'}`).join(', ')
    throw new HilError(
      'bisect.several-trees',
      `the boards do not boot the same kernel tree (${told}): name the one that is bisected (--kernel-tree)`,
      { blame: 'environment' },
    )
  }
  const { kernelTree, objects } = boards[0]?.boot.payload ?? given
  return { kernelTree, objects: given.objects ?? objects }
}
