import type { Pattern } from '../../../board/console.ts'
import type { ChildShell } from './child-shell.ts'

/** What may come where a command ends; `broken`: a mark that the kernel has spoken into. */
export type End = 'mark' | 'exit' | 'prompt' | 'broken'

export type Ends = Readonly<Record<End, Pattern>>

export function endsOf({ mark, exit, prompt }: Pick<ChildShell, 'mark' | 'exit' | 'prompt'>): Ends {
  return { mark: mark.end, exit, prompt, broken: mark.broken }
}
