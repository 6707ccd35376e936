import assert from 'node:assert/strict'
import { writeFiles } from '../../support/environment-files.ts'
import { runHil } from '../../support/run-hil.ts'
import { simulatedBoards } from '../../support/simulated-bench.ts'

describe('hil nightly --dry-run', function () {
  this.timeout(60_000)

  const withTold = (told: string) =>
    writeFiles({
      'env.yaml': simulatedBoards(['one']),
      'boot.spec.ts': '',
      token: 'hunter3\n',
      'plan.yaml': `environment: env.yaml
payloads: { stock: {} }
specs: { boot: boot.spec.ts }
${told}`,
    })
  const dryRun = async (cwd: string, env = {}) => {
    const { exitCode, stdout, stderr } = await runHil(['nightly', 'plan.yaml', '--dry-run'], { cwd, env })
    assert.equal(exitCode, 0, stderr)
    assert.doesNotMatch(stdout + stderr, /hunter/)
    return stdout.split('\n\n').at(-1)
  }
  const told = `mail:
  to: [kernel@example.org, lab@example.org]
  from: lab@example.org
  smtp: { host: mail.example.org, user: lab, password: { env: HIL_TEST_MAIL } }
webhooks:
  - { url: { env: HIL_TEST_CHAT }, on: failure }
  - { url: "https://ci.example.org/nights?key=hunter1", token: { file: token }, on: always }
`

  it('says who will be told, and no secret', async () => {
    await using files = await withTold(told)
    const env = { HIL_TEST_MAIL: 'hunter2', HIL_TEST_CHAT: 'https://chat.example.org/hunter4' }
    assert.equal(
      await dryRun(files.directory, env),
      `told at its end
  mail to kernel@example.org, lab@example.org by mail.example.org, if anything is new
  webhook whose address is in $HIL_TEST_CHAT, if not all passed
  webhook https://ci.example.org, always
`,
    )
  })

  it('says which of them could not be told for want of a secret', async () => {
    await using files = await withTold(told.replace('file: token', 'file: no-token'))
    const text = (await dryRun(files.directory, { HIL_TEST_CHAT: 'hunter4' })) ?? ''
    const missing = text.split('\n').filter((line) => line.startsWith('    '))
    assert.deepEqual(
      missing.map((line) => line.replaceAll(files.directory, '')),
      [
        '    not as things are here: the environment variable HIL_TEST_MAIL should hold a secret, but is empty',
        '    not as things are here: what is in $HIL_TEST_CHAT is no URL',
        '    not as things are here: the secret in /no-token cannot be read: no such file or directory',
      ],
    )
  })

  it('says that the program for mails is missing, or that nobody is told', async () => {
    await using files = await withTold('mail: { to: a@b, from: c@d, sendmail: ./no-sendmail }\n')
    assert.match((await dryRun(files.directory)) ?? '', /^ {4}not as .*: there is no program .*no-sendmail$/m)
    await using others = await withTold('')
    assert.equal(await dryRun(others.directory), 'nobody is told of it\n')
  })
})
