import { openRepository } from '../../../src/app/commits/git/repository.ts'
import { Worktree } from '../../../src/app/commits/worktree/worktree.ts'
import { startDeadline } from '../../../src/core/deadline.ts'

/** Makes a work tree of the repository it is given, says where, and holds it until it is ended. */
const [, , directory = '', commit = ''] = process.argv
const repository = await openRepository(directory, startDeadline(60_000, 'the test'))
const worktree = await Worktree.open(repository, commit)
process.stdout.write(worktree.directory)
setInterval(() => undefined, 1000)
