import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunEvent } from '../../src/core/events.ts'
import type { Environment } from '../../src/environment/environment.ts'
import { createEventBus } from '../../src/session/event-bus.ts'
import type { RunOutcome, RunSpecsOptions } from '../../src/session/run-options.ts'
import { runSpecs } from '../../src/session/run-specs.ts'

export interface SpecRunResult {
  readonly outcome: RunOutcome
  readonly events: readonly RunEvent[]
  /** The directory in which the specs lay. */
  readonly directory: string
  readonly of: <Type extends RunEvent['type']>(type: Type) => readonly (RunEvent & { readonly type: Type })[]
  /** Titles and outcomes of the attempts, in the order they ended: `suite a: passed`. */
  readonly results: readonly string[]
  /** Messages of the failures, in order. */
  readonly failures: readonly string[]
}

/**
 * Runs specs, given as file name -> source, from a directory of their own outside of this project.
 * @param onEvent is called for each event as it comes
 */
export async function runSpecFiles(
  environment: Environment,
  files: Readonly<Record<string, string>>,
  options: Partial<RunSpecsOptions> = {},
  onEvent: (event: RunEvent) => void = () => undefined,
): Promise<SpecRunResult> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-specs-'))
  const events: RunEvent[] = []
  const { emit } = createEventBus([
    {
      name: 'test',
      event: (event) => {
        events.push(event)
        onEvent(event)
      },
    },
  ])
  try {
    for (const [name, source] of Object.entries(files)) await writeFile(join(directory, name), source)
    const outcome = await runSpecs({
      environment,
      boards: [],
      specs: Object.keys(files)
        .filter((name) => name.includes('.spec.'))
        .map((name) => join(directory, name)),
      bail: false,
      retries: 0,
      repeatEach: 1,
      keep: false,
      failOnFlaky: false,
      exitMode: 'run',
      emit,
      interrupt: new AbortController().signal,
      prepareBoot: () =>
        Promise.resolve({
          payload: undefined,
          publish: ({ bootargs }) => Promise.resolve({ bootargs }),
          notes: [],
        }),
      argv: ['hil', 'run'],
      ...options,
    })
    return { outcome, events, directory, ...summarize(events) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function summarize(events: readonly RunEvent[]): Pick<SpecRunResult, 'of' | 'results' | 'failures'> {
  const of: SpecRunResult['of'] = (type) => events.filter((event) => event.type === type) as never
  const titles = new Map(of('test-started').map(({ id, titles: path }) => [id, path.join(' ')]))
  return {
    of,
    results: of('test-ended').map(
      ({ id, outcome, verdict }) =>
        `${titles.get(id) ?? id}: ${outcome}${verdict === undefined || verdict === 'passed' ? '' : ` (${verdict})`}`,
    ),
    failures: of('test-ended').flatMap(({ error }) => error?.message ?? []),
  }
}
