import { defineCommand } from '../command.ts'
import { environmentOption, once, wholeNumber } from '../shared-options.ts'

export const payloadCheck = defineCommand({
  positionals: {
    directory: { type: 'string', demandOption: true, description: 'A payload made by hil payload build' },
  },
  options: {
    env: environmentOption,
    board: {
      type: 'string',
      requiresArg: true,
      description: 'Board of the environment, where there are several',
      coerce: once('--board'),
    },
    memory: {
      type: 'string',
      requiresArg: true,
      description: "The board's RAM in MiB, to check sizes against",
      coerce: wholeNumber('--memory', 1),
    },
    force: { type: 'boolean', description: 'Exit 0 even with errors' },
  },
  examples: [['hil payload check out --env rock3a', 'find what would go wrong, before power is switched']],
  epilogue: () => 'Exits 2 when there are errors.',
  async run({ directory, env, board, memory, force }) {
    const { checkPayloadCommand } = await import('../../app/payload/check.ts')
    return checkPayloadCommand({ directory, env, board, memory, force: force ?? false })
  },
})
