import type { TestIdentity } from '../core/events.ts'
import type { LoadedTest } from './group/protocol.ts'

/** How events name a test. The id is `tests/boot.spec.ts > boot > reaches userspace [sim]`: unique in a run. */
export function testIdentity(
  file: string,
  boards: readonly string[],
  { key, titles }: LoadedTest,
): TestIdentity {
  return { id: `${file} > ${key} [${boards.join(', ')}]`, file, boards, titles }
}
