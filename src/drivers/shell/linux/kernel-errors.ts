import type { Match } from '../../../board/console.ts'
import { HilError } from '../../../core/errors.ts'

export function kernelPanicked(board: string, { groups, text }: Match): HilError {
  const why = groups[0]?.trim() ?? text
  return new HilError('kernel.panic', `the kernel of ${board} panicked: ${why}`, {
    blame: 'board',
    details: { board, why },
  })
}

export function kernelStoppedItself(board: string, { text }: Match): HilError {
  return new HilError(
    'kernel.stopped',
    `${board} went down before it had a shell: the kernel said "${text}"`,
    {
      blame: 'board',
      details: { board, text },
    },
  )
}
