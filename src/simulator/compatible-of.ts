import { parseFdtRoot, toTexts } from '../codecs/fdt/index.ts'
import { HilError } from '../core/errors.ts'

/** The machines that a device tree says it is for; none where it is no device tree. */
export function compatibleOf(tree: Uint8Array): readonly string[] {
  try {
    const compatible = parseFdtRoot(tree).properties.get('compatible')
    return compatible === undefined ? [] : toTexts(compatible, 'compatible')
  } catch (error) {
    if (error instanceof HilError) return []
    throw error
  }
}
