import type { Console } from '../../board/console.ts'
import type { Deadline } from '../../core/deadline.ts'
import { clearLine } from './clear-line.ts'
import type { MarkerStatus } from './marker-status.ts'
import type { PromptDialect } from './prompt-dialect.ts'
import { PromptSession } from './prompt-session.ts'
import { enterLine } from './type-line.ts'

/** Sets up marks behind commands at a prompt that was seen, and shows that one comes. */
export async function confirmMarker(
  console: Console,
  dialect: Omit<PromptDialect, 'status'>,
  status: MarkerStatus,
  t: Deadline,
): Promise<PromptSession> {
  await enterFirstLine(console, dialect, status.barePrompt, status.setUp, t)
  await console.expect({ prompt: status.barePrompt }, t)
  const session = new PromptSession(console, { ...dialect, status })
  await session.run('true', t)
  return session
}

/** Types a line, its echo checked, and sends it, before there is a session. */
export async function enterFirstLine(
  console: Console,
  { name, echoMs, recoverMs }: Pick<PromptDialect, 'name' | 'echoMs' | 'recoverMs'>,
  prompt: RegExp,
  line: string,
  t: Deadline,
): Promise<void> {
  const clear = () => clearLine(console, prompt, recoverMs, t)
  await enterLine({ console, where: `the ${name} prompt of ${console.name}`, echoMs, clear }, line, t)
}
