import yargs, { type Argv } from 'yargs'
import type { AnyCommand } from './command.ts'
import type { CommandEntry, CommandGroup } from './commands.ts'
import { exitCodeHelp } from './exit-codes.ts'
import { helpWidth } from './help-width.ts'
import { hideDashes, showDash, showDashes } from './lone-dash.ts'
import { explainComplaints } from './usage-error.ts'

const topExamples = [
  ['hil run tests/boot.spec.ts --env virt-uboot.yaml', 'Boot a board and run a spec'],
  ['hil env check env/*.yaml', 'Check environments'],
] as const

/**
 * The help of `hil` or of a group.
 * @param path what was typed so far: `hil`, `hil env`
 * @param itself what it does where no command of the group follows
 */
export async function helpOf(
  path: string,
  summary: string,
  entries: readonly (CommandEntry | CommandGroup)[],
  itself?: CommandEntry,
): Promise<string> {
  const parser = makeParser(path).usage(`Usage: ${path} <command>\n\n${summary}`)
  if (itself !== undefined)
    parser.command(`* ${positionalsOf(itself.usage)}`, itself.summary, {}, () => undefined)
  for (const entry of entries) {
    const usage = 'commands' in entry ? `${entry.name} <command>` : entry.usage
    parser.command(usage, entry.summary, {}, () => undefined)
  }
  if (path === 'hil') {
    parser
      .option('version', { type: 'boolean', description: "Show hil's version" })
      .epilogue(`${exampleHelp(topExamples)}\n\nExit codes:\n${exitCodeHelp()}`)
  }
  return parser.getHelp()
}

/**
 * Parses the words after a command's name and runs it.
 * @returns its exit code
 * @throws HilError `cli.usage` (environment), and what the command throws
 */
export async function runCommand(
  path: string,
  { usage, summary, load }: CommandEntry,
  words: readonly string[],
) {
  const command = await load()
  const positionals = positionalsOf(usage)
  const complaints: string[] = []
  let exitCode = 0
  const parser = makeParser(path)
    .usage(`Usage: ${[path, positionals, '[options]'].join(' ').replace('  ', ' ')}\n\n${summary}.`)
    .fail((message: string | null, error: Error | undefined) => {
      // A YError is a complaint too, only found earlier.
      if (error !== undefined && error.name !== 'YError') throw error
      complaints.push(showDash(message ?? error?.message ?? ''))
    })
    .command(
      `$0 ${positionals}`.trim(),
      false,
      (builder) => describe(builder, command),
      async (args) => {
        if (complaints.length > 0) return
        exitCode = await command.run(showDashes(args))
      },
    )
  await parser.parseAsync(hideDashes(words))
  if (complaints.length > 0)
    throw explainComplaints(complaints, { path, positionals, options: command.options, words })
  return exitCode
}

function makeParser(path: string): Argv {
  const parser = yargs()
    .scriptName(path)
    .locale('en')
    .parserConfiguration({ 'dot-notation': false, 'parse-numbers': false, 'boolean-negation': false })
    .exitProcess(false)
    .strict()
    .version(false)
    .help()
    .alias('help', 'h')
  return parser.wrap(helpWidth())
}

function describe(builder: Argv, command: AnyCommand): Argv {
  for (const [name, options] of Object.entries(command.positionals)) builder.positional(name, options)
  const more = command.epilogue === undefined ? '' : `\n\n${command.epilogue()}`
  return builder.options(command.options).epilogue(exampleHelp(command.examples) + more)
}

/** Not yargs's own table, which breaks command lines in the middle. */
function exampleHelp(examples: AnyCommand['examples']): string {
  return ['Examples:', ...examples.map(([line, does]) => `  ${does}:\n    ${line}`)].join('\n')
}

/** `<specs..>` of `run <specs..>`; empty for a command that takes none. */
function positionalsOf(usage: string): string {
  return usage.split(' ').slice(1).join(' ')
}
