import { defineCommand } from '../command.ts'

export const doctor = defineCommand({
  positionals: {},
  options: {
    env: {
      type: 'string',
      array: true,
      requiresArg: true,
      description: 'Environments whose boards are looked after as well: files, or names in env/',
    },
  },
  examples: [
    ['hil doctor', 'Look at this machine: Node, the TFTP port'],
    ['hil doctor --env rock3a', 'And at what its boards need: serial ports, programs, directories'],
  ],
  async run({ env = [] }) {
    const { doctorCommand } = await import('../../app/doctor/doctor.ts')
    return doctorCommand(env)
  },
})
