import { randomUUID } from 'node:crypto'
import { relative } from 'node:path'
import { eventsVersion, type EmitEvent } from '../core/events.ts'
import { ownPackage } from '../core/own-package.ts'
import { Redactor } from '../core/redaction.ts'
import type { Environment } from '../environment/environment.ts'
import type { RunSpecsOptions } from './run-options.ts'

/** Emits what the events of every run begin with. */
export function emitStart(options: RunStart, emit: EmitEvent): void {
  const { environment, environmentYaml, argv, specs, boards, notes = [] } = options
  emit({
    type: 'run-started',
    eventsVersion,
    startedAt: new Date().toISOString(),
    runId: randomUUID(),
    argv,
    environmentFile: environment.file,
    specs: specs.map(shortPath),
    boards: boards.length === 0 ? environment.boards.map(({ name }) => name) : boards,
    versions: { hil: ownPackage().version, node: process.versions.node },
  })
  if (environmentYaml !== undefined) emit({ type: 'environment', yaml: environmentYaml })
  for (const message of notes) emit({ type: 'note', level: 'warning', message })
}

type RunStart = Pick<
  RunSpecsOptions,
  'environment' | 'environmentYaml' | 'argv' | 'specs' | 'boards' | 'notes'
>

/** Knows the secrets that stand in the environment by variables; drivers add those they read. */
export function redactorFor(environment: Environment): Redactor {
  const redactor = new Redactor()
  for (const name of environment.secretVariables) redactor.add(process.env[name] ?? '')
  return redactor
}

/** Console bytes are redacted where they arrive, as a stream: a secret can be cut in two. */
export function redacting(emit: EmitEvent, redactor: Redactor): EmitEvent {
  return (event) => {
    const { type } = event.type === 'other-console' ? event.event : event
    emit(type === 'console-rx' || type === 'console-tx' ? event : redactor.redact(event))
  }
}

/** A file as the person would type it. */
export function shortPath(file: string): string {
  return relative(process.cwd(), file)
}
