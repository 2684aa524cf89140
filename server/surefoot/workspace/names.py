"""The names that decide: lock files, other people's code, secrets, binaries.

Invariant: everything is in lower case, and everything is a name or an ending, never a pattern.
"""

from __future__ import annotations

LOCK_FILES = frozenset(
    """
    package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock
    poetry.lock pdm.lock uv.lock pipfile.lock pixi.lock pylock.toml conda-lock.yml
    cargo.lock go.sum go.work.sum gemfile.lock gems.locked composer.lock symfony.lock
    mix.lock rebar.lock pubspec.lock podfile.lock cartfile.resolved package.resolved
    flake.lock packages.lock.json paket.lock
    gradle.lockfile buildscript-gradle.lockfile verification-metadata.xml
    .terraform.lock.hcl chart.lock module.bazel.lock stack.yaml.lock cabal.project.freeze
    opam.locked shard.lock spago.lock  dub.selections.json
    """.split()
)

VENDORED = frozenset(
    """
    node_modules bower_components jspm_packages web_modules site-packages dist-packages __pypackages__
    third_party third-party thirdparty 3rdparty vendored _vendor _vendored .vendor
    .venv venv .virtualenv .tox .nox .eggs .bundle .pnpm-store .yarn pods carthage .gradle .m2 .cargo-vendor
    """.split()
)

# Folders in which a folder `vendor` holds copied libraries.
ASSETS = frozenset("js css scss static assets public javascripts stylesheets scripts lib libs web www".split())

# What package managers put into `vendor`, beside hosts such as github.com.
IN_VENDOR = frozenset("bundle gems cache ruby composer assets plugins node_modules javascript".split())

SECRETS = frozenset(
    """
    .envrc .npmrc .pypirc .netrc _netrc .pgpass pgpass.conf .my.cnf .htpasswd .git-credentials .dockercfg
    .dockerconfigjson .s3cfg .boto .vault_pass .vault-token .terraformrc terraform.rc
    credentials credentials.json credentials.yml credentials.yaml credentials.toml credentials.ini credentials.xml
    credentials.csv credentials.yml.enc secrets.json secrets.yml secrets.yaml secrets.toml secrets.ini secrets.env
    id_rsa id_dsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk master.key htpasswd
    terraform.tfstate terraform.tfstate.backup terraform.tfvars google-services.json googleservice-info.plist
    """.split()
)

SECRET_ENDINGS = (
    ".pem", ".key", ".p12", ".pfx", ".p8", ".pkcs12", ".jks", ".keystore", ".bks", ".kdbx", ".kdb", ".ppk", ".ovpn",
    ".env", ".agekey", ".gpg", ".tfstate", ".tfvars", ".mobileprovision", ".keytab", ".pgpass",
)  # fmt: skip

SECRET_BEGINNINGS = ("client_secret", "service-account", "service_account", "serviceaccount", "gcp-credentials")
DATA_ENDINGS = (".json", ".yml", ".yaml", ".txt")
TEMPLATE_ENDINGS = (".example", ".sample", ".template", ".tmpl", ".dist", ".defaults", ".schema", ".tpl")

MINIFIED_ENDINGS = (
    ".min.js", ".min.mjs", ".min.cjs", ".min.css", "-min.js", "-min.css", ".bundle.js", ".bundle.css", ".chunk.js",
    ".chunk.css", ".map",
)  # fmt: skip

PROSE_ENDINGS = (".md", ".markdown", ".mdx", ".rst", ".txt", ".adoc", ".org", ".tex")

BINARY_NAMES = frozenset({".ds_store", "thumbs.db", ".coverage"})

TRANSLATIONS = frozenset({"po", "pot", "xlf", "xliff", "arb"})

BINARY = frozenset(
    """
    png jpg jpeg jpe gif ico icns bmp tif tiff webp avif heic heif psd xcf sketch fig ai eps raw cr2 nef dds tga
    ktx exr hdr blend fbx glb 3ds stl
    ttf otf woff woff2 eot pfb
    mp3 wav ogg oga flac aac m4a wma mid midi opus mp4 m4v mov avi mkv webm wmv flv mpg mpeg ogv 3gp swf
    zip gz tgz bz2 tbz2 xz txz zst lz4 lzma br 7z rar tar cab jar war ear aar apk aab ipa deb rpm dmg iso img msi
    whl egg gem nupkg crate vsix crx xpi snap flatpak
    exe dll so dylib lib a o obj ko elf bin class pyc pyo pyd pdb ilk exp wasm beam rlib rmeta dex node
    doc docx xls xlsx ppt pptx odt ods odp epub mobi rtf pages numbers
    db sqlite sqlite3 db3 mdb accdb dbf ibd ldb rdb mmdb
    pickle pkl npy npz h5 hdf5 parquet feather arrow avro orc pt pth onnx gguf ggml safetensors tflite pb ckpt mlmodel
    joblib rds rdata mat sav
    mo gmo qm shp shx sbn sbx tfrecord lmdb swp swo profraw gcda gcno jfr hprof dmp pack idx rev
    """.split()
)

# Of a folder of tickets that git ignores, or that is our own: exports, and a file per ticket.
TICKETS = (".json", ".jsonl", ".csv", ".md")


def may_hold_tickets(name: str) -> bool:
    """Whether a file of this name, in a folder of tickets, is read as one or more of them; hidden files are not."""
    return not name.startswith(".") and name.lower().endswith(TICKETS)
