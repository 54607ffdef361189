"""`flask verify-case-file`: is a case file ours and unchanged? Exit code 1 when it is not."""

import json
from pathlib import Path

import click
from flask import current_app

from services.case_files.signing import SignatureBroken, check, public_key


@click.command("verify-case-file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--public-key", "public_key_given", help="签发系统的公钥（Base64）；不指定则用本系统的"
)
def verify_case_file(file: Path, public_key_given: str | None) -> None:
    """核对案卷（JSON）的签名。PDF 请先取出其中的附件。"""
    own = public_key(current_app.config["SETTINGS"].case_file_key)["public_key"]
    try:
        signed = json.loads(file.read_bytes())
        check(signed, public_key_given or own)
    except (ValueError, SignatureBroken):
        click.echo(SignatureBroken.__doc__)
        raise SystemExit(1) from None
    content = signed["content"]
    click.echo(f"案卷 {content['number']} 签名有效，取得于 {content['generated_at']}。")
