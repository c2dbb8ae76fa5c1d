"""``vasi prompts``: the prompts that clients may name."""

from __future__ import annotations

from vasi.cli.options import Config, Data, Json, Set, load_settings


def prompts(json: Json = False, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """List the prompts that clients may name, with their versions and variables.

    They are files in the folder `prompts` of the data folder; docs/how-to/prompts.md tells how to write them.

    For example:

    [dim]vasi prompts[/dim]
    """
    from vasi.cli.terminal import print_json, print_table, stderr
    from vasi.gateway.prompts import Prompts

    folder = load_settings(data, config, assignments).prompts_folder
    found = Prompts(folder).listed()
    if json:
        print_json(
            [
                {
                    "id": name,
                    "title": prompt.title,
                    "description": prompt.description,
                    "version": prompt.current,
                    "versions": {key: {"variables": version.names} for key, version in prompt.versions.items()},
                }
                for name, prompt in found.items()
            ]
        )
        return
    if not found:
        stderr().print(f"No prompts yet; put them into {folder}.")
        return
    print_table(
        ("Prompt", "Title", "Version", "Variables"),
        [
            (
                name,
                prompt.title,
                " ".join(f"{key}*" if key == prompt.current else key for key in prompt.versions),
                " ".join(prompt.versions[prompt.current].names),
            )
            for name, prompt in found.items()
        ],
    )
