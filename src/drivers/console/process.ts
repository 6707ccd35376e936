import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { argvOf, commandOption, environmentOption, readEnvironment } from '../command-options.ts'

export const processConsole = defineConsole({
  name: 'process',
  summary: 'A program that talks to the console, such as "ssh lab picocom -q /dev/ttyUSB0".',
  schema: z.strictObject({
    command: commandOption('The program, which reads and writes the console on stdin and stdout.'),
    terminal: z
      .enum(['none', 'cooked', 'raw'])
      .default('none')
      .describe(
        'A terminal for programs that want one: "raw" passes every byte, "cooked" is as a person has it.',
      ),
    directory: path('Working directory of the program.').optional(),
    environment: environmentOption,
  }),
  // The same command reaches the same console.
  resources: ({ command }) => [`process:${JSON.stringify(argvOf(command))}`],
  async open({ command, terminal, directory, environment }, context) {
    const { openProcess } = await import('../../transports/process.ts')
    return openProcess({
      argv: argvOf(command),
      terminal: terminal === 'none' ? undefined : terminal,
      directory,
      environment: await readEnvironment(environment, context),
    })
  },
})
