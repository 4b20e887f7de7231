"""Git repositories for the end-to-end tests: made by git itself, and then made hostile by hand."""
import os
import subprocess


def git(box, *arguments, folder=None, stdin=None):
    """Runs git with a configuration of its own; yields what it printed."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": box.folder, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "Ann", f"GIT_{role}_EMAIL": "ann@example.org", f"GIT_{role}_DATE": "2026-01-02T03:04:05+00:00"}
    process = subprocess.run(["git", "-c", "init.defaultBranch=main", *arguments], cwd=folder or box.project_folder, env=environment, check=True,
                             input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return process.stdout.decode().strip()


def other_repository(box, name="private", files=None, where=None):
    """A repository with two commits, beside the project unless `where` says otherwise; its folder."""
    folder = os.path.join(where or box.folder, name)
    os.makedirs(folder)
    git(box, "init", folder=folder)
    for path, text in (files or {"k.txt": "TOPSECRET\n"}).items():
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)
    git(box, "add", ".", folder=folder)
    git(box, "commit", "-m", "private commit", folder=folder)
    git(box, "commit", "--allow-empty", "-m", "private again", folder=folder)
    return folder
