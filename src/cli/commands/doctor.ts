import { defineCommand } from '../command.ts'
import { boardsTagOption, queueing, queueOptions, reportDirectoryOption } from '../shared-options.ts'

export const doctor = defineCommand({
  positionals: {
    boards: {
      type: 'string',
      array: true,
      description: 'Boards of the environment; not needed where there is only one',
    },
  },
  options: {
    env: {
      type: 'string',
      array: true,
      requiresArg: true,
      description: 'Environments whose boards are examined: files, or names in env/',
    },
    tag: boardsTagOption('Examine the boards with this tag; of several they need every one'),
    all: { type: 'boolean', description: 'Every board of the environments, with a table at the end' },
    look: { type: 'boolean', description: 'Only look: open and switch nothing' },
    json: { type: 'boolean', description: 'Print what was found as JSON' },
    ...queueOptions,
    'report-dir': reportDirectoryOption,
  },
  examples: [
    ['hil doctor', 'Look at this machine: Node, the TFTP port'],
    ['hil doctor --env rock3a', 'Prove its bench, from the files to a boot of what it has'],
    ['hil doctor --env rock3a --look', 'Only what can be told without switching it'],
    ['hil doctor --env lab --all --wait 1h', 'Every board of a lab, each when it is free'],
  ],
  async run({
    env = [],
    boards = [],
    tag: tags = [],
    all = false,
    look = false,
    json = false,
    reportDir,
    ...args
  }) {
    const { doctorCommand } = await import('../../app/doctor/doctor.ts')
    return doctorCommand({
      environments: env,
      boards,
      tags,
      all,
      look,
      json,
      reportRoot: reportDir,
      queueing: queueing(args),
    })
  },
})
