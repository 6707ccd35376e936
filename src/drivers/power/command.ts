import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { duration, path } from '../../board/option-types.ts'
import { argvOf, commandOption, environmentOption, readEnvironment } from '../command-options.ts'
import { patternOption } from '../../board/pattern-option.ts'

const schema = z
  .strictObject({
    on: commandOption('Switches on; ends with status 0 when it did.'),
    off: commandOption('Switches off; ends with status 0 when it did.'),
    status: z
      .union([
        commandOption('Tells the state by its exit status: 0 is on, 1 is off, all else is a failure.'),
        z
          .strictObject({
            command: commandOption('Prints the state; ends with status 0.'),
            on: patternOption('Matches the output when the power is on.'),
            off: patternOption('Matches the output when the power is off.'),
          })
          .describe('A command that prints the state.'),
      ])
      .optional()
      .describe(
        'Reads the switch back: a command whose exit status tells (0 is on, 1 is off), or the map below for one that prints it. Without it hil takes the word of "on" and "off".',
      ),
    timeout: duration('How long each of the commands may take.').prefault('30s'),
    directory: path('Working directory of the commands; without it, where hil is started.').optional(),
    environment: environmentOption,
  })
  .meta({
    examples: [
      { on: 'pdu on 3', off: 'pdu off 3', status: { command: 'pdu status 3', on: '^on', off: '^off' } },
    ],
  })

export type CommandPowerOptions = z.output<typeof schema>

export const commandPower = definePowerSwitch({
  name: 'command',
  summary: 'Commands of yours that switch the power on and off, and tell its state.',
  schema,
  // Two boards that are switched on by the same command hang on the same outlet.
  resources: ({ on }) => [`outlet:${JSON.stringify(argvOf(on))}`],
  async open(options, context) {
    const { createCommandSwitch } = await import('./command-switch.ts')
    return createCommandSwitch(options, await readEnvironment(options.environment, context), context)
  },
})
