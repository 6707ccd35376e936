import type { Match } from '../../../board/console.ts'
import { HilError } from '../../../core/errors.ts'

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
