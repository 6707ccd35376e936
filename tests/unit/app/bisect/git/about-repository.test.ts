import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aboutRepository } from '../../../../../src/app/bisect/git/about-repository.ts'
import { openRepository } from '../../../../../src/app/commits/git/repository.ts'
import { showCommit, suggestRecipients } from '../../../../../src/app/bisect/git/tell-commit.ts'
import { startDeadline } from '../../../../../src/core/deadline.ts'
import { GitHistory } from '../../../../support/git-history.ts'

describe('what reports say of a repository', () => {
  let history: GitHistory
  beforeEach(() => {
    history = new GitHistory(mkdtempSync(join(tmpdir(), 'hil-about-')))
    history.commit('Begin', { file: 'one\n' })
  })
  afterEach(() => {
    rmSync(history.directory, { recursive: true, force: true })
  })

  async function about(revision: string) {
    using t = startDeadline(20_000, 'asking git')
    return await aboutRepository(await openRepository(history.directory, t), revision)
  }

  it('is where it comes from, without passwords, and the branch that a revision names', async () => {
    history.git('remote', 'add', 'origin', 'https://me:secret@git.example.org/linux.git')
    const { remote, branch, gitVersion } = await about('main')
    assert.deepEqual({ remote, branch }, { remote: 'https://git.example.org/linux.git', branch: 'main' })
    assert.match(gitVersion, /^\d+\.\d+/)
    assert.equal((await about('HEAD')).branch, 'main')
  })

  it('leaves out what git does not know', async () => {
    history.tag('v1')
    const { remote, branch } = await about('v1')
    assert.deepEqual({ remote, branch }, { remote: undefined, branch: undefined })
    assert.equal((await about(history.head())).branch, undefined)
  })

  it('takes the person from git, and invents none', async () => {
    history.git('config', 'user.name', 'A person')
    history.git('config', 'user.email', '')
    assert.equal((await about('main')).person, undefined)
    history.git('config', 'user.email', 'person@example.org')
    assert.deepEqual((await about('main')).person, { name: 'A person', email: 'person@example.org' })
  })

  it('knows the kernel by what only the kernel has', async () => {
    assert.equal((await about('main')).isLinux, false)
    history.commit('Schedule', { 'kernel/sched/core.c': 'int x;\n' })
    assert.equal((await about('main')).isLinux, true)
    assert.equal((await about('main~1')).isLinux, false)
  })

  it('shows a commit with its patch, and asks the tree itself whom to tell of it beside its author and who signed it', async () => {
    const script = `#!/usr/bin/perl
my $patch = do { local $/; <STDIN> };
print "An Author <AUTHOR\\@example.org>\\nA list <list\\@example.org>\\n" if $patch =~ /^\\+two$/m;
`
    history.commit('Add the script', { 'scripts/get_maintainer.pl': script })
    const id = history.commit('Count\n\nSigned-off-by: Signer <signer@example.org>', { file: 'two\n' })
    using t = startDeadline(20_000, 'asking git')
    assert.match(await showCommit(history.directory, id, t), /^commit .*Count.*\n-one\n\+two$/s)
    assert.deepEqual(
      await suggestRecipients(history.directory, { id, author: 'An author <author@example.org>' }, t),
      ['An author <author@example.org>', 'Signer <signer@example.org>', 'A list <list@example.org>'],
    )
  })

  it('suggests nobody where the tree has no script, or where it fails', async () => {
    const id = history.head()
    using t = startDeadline(20_000, 'asking git')
    assert.deepEqual(await suggestRecipients(history.directory, { id, author: 'x <x@example.org>' }, t), [])
    history.commit('Break it', { 'scripts/get_maintainer.pl': 'die "broken"' })
    assert.deepEqual(await suggestRecipients(history.directory, { id, author: 'x <x@example.org>' }, t), [])
  })
})
