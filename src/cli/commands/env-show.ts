import { defineCommand } from '../command.ts'

export const envShow = defineCommand({
  positionals: {
    file: { type: 'string', demandOption: true, description: 'Environment file, or a name in env/' },
  },
  options: {},
  examples: [['hil env show virt-uboot', 'See what env/virt-uboot.yaml comes to']],
  async run({ file }) {
    const { printEnvironment } = await import('../../app/environment/environments.ts')
    return printEnvironment(file)
  },
})
