import { HilError } from '../../core/errors.ts'
import { error, warning, type Finding } from '../finding.ts'
import type { Preflight } from './preflight.ts'

export function* checkDeviceTrees({ contents, board }: Preflight): Generator<Finding> {
  for (const { name, isOverlay, compatible } of contents.deviceTrees) {
    if (compatible instanceof HilError) {
      yield error(compatible.code, name, compatible.message, 'compile the device tree again')
      continue
    }
    if (isOverlay || board.compatible.length === 0) continue
    if (compatible.some((each) => board.compatible.includes(each))) {
      const [first] = board.compatible
      if (first !== undefined && !compatible.includes(first)) {
        yield warning(
          'device-tree.less-specific',
          name,
          `the device tree is for ${list(compatible)}, which fits ${board.name} only in part: it is a ${first}`,
          'check that it is the right revision of the board',
        )
      }
      continue
    }
    yield error(
      'device-tree.compatible',
      name,
      `the device tree is for ${list(compatible)}, but ${board.name} is ${list(board.compatible)}`,
      'name the device tree of this board, or correct "compatible" in the environment',
    )
  }
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no board in particular' : names.map((name) => `"${name}"`).join(', ')
}
