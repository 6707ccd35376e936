import type { ArgumentsCamelCase, InferredOptionTypes, Options, PositionalOptions } from 'yargs'

type PositionalTable = Readonly<Record<string, PositionalOptions>>
type OptionTable = Readonly<Record<string, Options>>

/** One command: what it takes, as data (help, completion and checks are made from it), and what it does. */
export interface Command<Positionals extends PositionalTable, Named extends OptionTable> {
  readonly positionals: Positionals
  readonly options: Named
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [command: string, does: string])[]
  /** Shown below the help. */
  readonly epilogue?: () => string
  /** @returns the exit code */
  run(
    args: ArgumentsCamelCase<InferredOptionTypes<Positionals> & InferredOptionTypes<Named>>,
  ): Promise<number>
}

/** A command whose types are known to none but itself. */
export type AnyCommand = Omit<Command<PositionalTable, OptionTable>, 'run'> & {
  run(args: ArgumentsCamelCase): Promise<number>
}

export function defineCommand<const Positionals extends PositionalTable, const Named extends OptionTable>(
  command: Command<Positionals, Named>,
): AnyCommand {
  // The arguments were parsed with the same tables from which their types are inferred.
  return command
}
