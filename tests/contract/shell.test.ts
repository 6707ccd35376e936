import { summariseContract } from '../support/contract-summary.ts'
import { ashOnQemu, bash, busybox, dash, inPromptMode, simulated } from './shell-cases.ts'
import { describeShell } from './shell-contract.ts'

describe('The contract of shells', function () {
  after(function () {
    const root = this.test?.parent
    if (root !== undefined) summariseContract('Shells', root)
  })

  describeShell(bash)
  describeShell(inPromptMode(bash))
  describeShell(dash)
  describeShell(inPromptMode(dash))
  describeShell(busybox)
  describeShell(inPromptMode(busybox))
  describeShell(ashOnQemu)
  describeShell({ ...inPromptMode(ashOnQemu), step: 5 })
  describeShell(simulated('ash'))
  describeShell(simulated('bash'))
  describeShell(simulated('sh'))
})
