import { defineCommand } from '../command.ts'
import { completionScript, shells } from '../completion-script.ts'
import { usageError } from '../usage-error.ts'

export const completion = defineCommand({
  positionals: {
    shell: { type: 'string', choices: shells, description: 'By default the shell that $SHELL names' },
  },
  options: {},
  examples: [
    ['source <(hil completion bash)', 'In ~/.bashrc'],
    ['source <(hil completion zsh)', 'In ~/.zshrc, after compinit'],
  ],
  run({ shell }) {
    const current = process.env['SHELL'] ?? ''
    const chosen = shell ?? shells.find((name) => current.endsWith(`/${name}`))
    if (chosen === undefined) {
      throw usageError(
        `hil completes for ${shells.join(' and ')}; $SHELL is "${current}": say which you want`,
      )
    }
    process.stdout.write(completionScript(chosen))
    return Promise.resolve(0)
  },
})
