import { defineCommand } from '../command.ts'
import { environmentOption } from '../shared-options.ts'

export const labPowerOffIdle = defineCommand({
  positionals: {},
  options: { env: environmentOption },
  examples: [['hil lab power-off-idle --env lab', 'Switch off what nobody uses, holds or wants left on']],
  async run({ env }) {
    const { powerOffIdleCommand } = await import('../../app/lab/power-off-idle.ts')
    return powerOffIdleCommand(env)
  },
})
