import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { duration } from '../../board/option-types.ts'
import { sshOptions } from '../../board/ssh-login.ts'
import { quoteWord } from '../../core/quote-word.ts'
import { commandOption, commandText, type Command } from '../command-options.ts'

export const sshConsole = defineConsole({
  name: 'ssh',
  summary: 'A UART of another machine, through a program there that is run over SSH: socat, microcom, tio.',
  schema: z.strictObject({
    host: z
      .string()
      .min(1)
      .describe('Name or address of the machine that has the UART.')
      .meta({ examples: ['lab-pi'] }),
    ...sshOptions,
    command: commandOption('The program there, which reads and writes the console on stdin and stdout.').meta(
      { examples: ['socat - /dev/ttyUSB0,b115200,raw,echo=0'] },
    ),
    terminal: z
      .boolean()
      .default(false)
      .describe('Whether the program gets a terminal, which passes every byte: microcom and tio want one.'),
    connectTimeout: duration('How long the machine may take to let us in.').prefault('10s'),
  }),
  // The same command on the same machine reaches the same console.
  resources: ({ host, port, command }) => [`ssh:${host.toLowerCase()}:${port}/${commandText(command)}`],
  async open({ command, terminal, connectTimeout, ...login }, { secret }) {
    const { openSshCommand } = await import('../../transports/ssh-command.ts')
    const { sshTarget } = await import('../../transports/ssh/target.ts')
    return openSshCommand({
      target: await sshTarget(login, secret),
      command: shellText(command),
      onTerminal: terminal,
      connectTimeoutMs: connectTimeout,
    })
  },
})

/** A list is a program and its arguments, whatever a shell would make of them. */
function shellText(command: Command): string {
  return typeof command === 'string' ? command : `exec ${command.map(quoteWord).join(' ')}`
}
