//! Env files as people write them, one for each way of writing: hand-made for these tests.
//!
//! Each has comments, plain lines and at least one secret, and ends with an assignment.

/// Name and text.
pub const DIALECTS: &[(&str, &str)] = &[
    (
        "plain",
        "# app\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDEBUG=false\nDB_PASSWORD=Vb7-kQ2.mm91xT\n",
    ),
    (
        "double quotes",
        "# app\nNAME=\"My shop\"\nAPI_TOKEN=\"tk 9fQ2mZx8 1LpVw03s\"\n\nDB_PASSWORD=\"Vb7 kQ2 mm91xT\"\n",
    ),
    (
        "single quotes",
        "TITLE='My shop'\nAPI_TOKEN='tk_9f$Q2mZx8`1Lp#Vw03s'\nDB_PASSWORD='Vb7\"kQ2\"mm91xT'\n",
    ),
    (
        "mixed quotes",
        "A='1'\nB=\"2\"\nAPI_TOKEN='tk_9fQ2mZx81LpVw03s'\nC=3\nDB_PASSWORD=\"Vb7kQ2mm91xT\"\n",
    ),
    (
        "quotes nobody needs",
        "PORT=\"3000\"\nHOST='localhost'\nAPI_TOKEN=\"tk_9fQ2mZx81LpVw03s\"\nDB_PASSWORD='Vb7kQ2mm91xT'\n",
    ),
    (
        "export",
        "#!/bin/sh\nexport PORT=3000\nexport API_TOKEN=tk_9fQ2mZx81LpVw03s\nexport DB_PASSWORD='Vb7 kQ2 mm91xT'\n",
    ),
    (
        "export with blanks",
        "export   PORT=3000\n  export API_TOKEN=\"tk_9fQ2mZx81LpVw03s\"\nexport\tDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "blanks around the equals sign",
        "PORT = 3000\nAPI_TOKEN = tk_9fQ2mZx81LpVw03s\nDB_PASSWORD = 'Vb7kQ2mm91xT'\n",
    ),
    (
        "indented",
        "  PORT=3000\n\tAPI_TOKEN=tk_9fQ2mZx81LpVw03s\n    # deep\n    DB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "comments behind values",
        "PORT=3000 # web\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s # live\nDB_PASSWORD='Vb7kQ2mm91xT'   # orders\n",
    ),
    (
        "hashes in values",
        "COLOR='#ff8800'\nAPI_TOKEN='tk#9fQ2mZx8#1LpVw03s'\nDB_PASSWORD=Vb7#kQ2mm91xT\n",
    ),
    (
        "windows line endings",
        "# app\r\nPORT=3000\r\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\r\n\r\nDB_PASSWORD=\"Vb7kQ2mm91xT\"\r\n",
    ),
    (
        "mixed line endings",
        "# app\r\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\r\nX=1\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "byte order mark",
        "\u{feff}# app\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "no last line ending",
        "# app\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDB_PASSWORD=Vb7kQ2mm91xT",
    ),
    (
        "many empty lines",
        "\n\n# app\n\n\nPORT=3000\n\n\n\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\n\n\nDB_PASSWORD=Vb7kQ2mm91xT\n\n\n",
    ),
    (
        "blanks at line ends",
        "# app  \nPORT=3000  \nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\t\nDB_PASSWORD='Vb7kQ2mm91xT' \n",
    ),
    (
        "banner comments",
        "#############\n# DATABASE  #\n#############\nDB_HOST=db\nDB_PASSWORD=Vb7kQ2mm91xT\n#############\n# PAYMENTS  #\n#############\nSTRIPE_SECRET_KEY=sk_live_9fQ2mZx81LpVw03s\n",
    ),
    (
        "assignments in comments",
        "# PORT=8080\nPORT=3000\n#API_TOKEN=old_7yU2kk\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\n# DB_PASSWORD=\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "section headings",
        "# --- web ---\nPORT=3000\n\n# --- keys ---\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "unicode",
        "# Größe des Ladens ✓\nSHOP='Käse & Öl'\nAPI_TOKEN='tk_9fQ2mZx8ü1LpVw03s'\nDB_PASSWORD='пароль-Vb7kQ2'\n",
    ),
    (
        "several lines in double quotes",
        "PORT=3000\nTLS_PRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7VJTU\n-----END PRIVATE KEY-----\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "several lines in single quotes",
        "PORT=3000\nTLS_PRIVATE_KEY='-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n\nAASCBKcwggSjAgEAAoIBAQC7VJTU\n-----END PRIVATE KEY-----\n'\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "newlines as escapes",
        "PORT=3000\nTLS_PRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF\\n-----END PRIVATE KEY-----\\n\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "json in single quotes",
        "PORT=3000\nGOOGLE_CREDENTIALS='{\"type\":\"service_account\",\"private_key\":\"MIIEvQIBADANBgkq\"}'\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "json in double quotes",
        "PORT=3000\nGOOGLE_CREDENTIALS=\"{\\\"private_key\\\":\\\"MIIEvQIBADANBgkq\\\"}\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "json without quotes",
        "PORT=3000\nGOOGLE_CREDENTIALS={\"private_key\":\"MIIEvQIBADANBgkq\"}\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "json on several lines",
        "PORT=3000\nGOOGLE_CREDENTIALS='{\n  \"type\": \"service_account\",\n  \"private_key\": \"MIIEvQIBADANBgkq\"\n}'\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "urls with passwords",
        "PORT=3000\nDATABASE_URL=postgres://app:Vb7kQ2mm91xT@db.internal:5432/app\nREDIS_URL=\"redis://:9fQ2mZx81LpVw03s@cache:6379/0\"\n",
    ),
    (
        "url with odd characters",
        "PORT=3000\nDATABASE_URL=\"postgres://app:p%40ss$word#1@db.internal:5432/app?sslmode=require\"\n",
    ),
    (
        "references in braces",
        "APP_KEY=9fQ2mZx81LpVw03s\nJWT_SECRET=\"${APP_KEY}-jwt\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "references without braces",
        "APP_KEY=9fQ2mZx81LpVw03s\nJWT_SECRET=\"$APP_KEY-jwt\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "references with defaults",
        "APP_KEY=9fQ2mZx81LpVw03s\nJWT_SECRET=${JWT_BASE:-Zk21mQ9xPq77}\nHOST=${HOST:-localhost}\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "references between plain lines",
        "BASE=/srv/shop\nDATA=${BASE}/data\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nLOGS=$BASE/logs\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "dollar signs",
        "PORT=3000\nADMIN_PASSWORD=\"pa$$w0rd-9fQ2\"\nDB_PASSWORD='Vb7$kQ2$mm91xT'\n",
    ),
    (
        "doubled dollar signs",
        "PORT=3000\nADMIN_PASSWORD_HASH=$$2y$$10$$9fQ2mZx81LpVw03sVb7kQ2\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "bcrypt in single quotes",
        "PORT=3000\nADMIN_PASSWORD_HASH='$2y$10$9fQ2mZx81LpVw03sVb7kQ2'\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "commands",
        "PORT=3000\nBUILD=$(git rev-parse HEAD)\nAPI_TOKEN=\"$(cat /run/token)-9fQ2mZx8\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "backticks as quotes",
        "PORT=3000\nAPI_TOKEN=`tk_9fQ2mZx81LpVw03s`\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "escaped quotes",
        "PORT=3000\nAPI_TOKEN=\"tk_\\\"9fQ2mZx8\\\"1LpVw03s\"\nDB_PASSWORD='Vb7'\\''kQ2mm91xT'\n",
    ),
    (
        "backslashes",
        "ROOT=C:\\shop\\data\nAPI_TOKEN='tk\\9fQ2mZx8\\1LpVw03s'\nDB_PASSWORD=\"Vb7\\\\kQ2mm91xT\"\n",
    ),
    (
        "base64 with padding",
        "PORT=3000\nAPP_KEY=base64:9fQ2mZx81LpVw03sVb7kQ2mm91xTabcd9fQ2mZx81Lo=\nSESSION_SECRET=9fQ2mZx81LpVw03sVb7kQQ==\n",
    ),
    (
        "equals signs in values",
        "QUERY=a=b&c=d\nAPI_TOKEN=tk=9fQ2mZx8=1LpVw03s\nDB_PASSWORD='Vb7=kQ2=mm91xT'\n",
    ),
    (
        "values over colons and commas",
        "HOSTS=a:1,b:2\nKAFKA_SASL=\"user:9fQ2mZx81LpVw03s,other:Vb7kQ2mm91xT\"\nDB_PASSWORD=Vb7:kQ2,mm91xT\n",
    ),
    (
        "empty values",
        "EMPTY=\nALSO=\"\"\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nNOTHING=''\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "one name twice",
        "API_TOKEN=tk_old_7yU2kkQm29sT\nPORT=3000\n# the new one\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "one value twice",
        "API_TOKEN=tk_9fQ2mZx81LpVw03s\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "two names with one value",
        "SMTP_PASSWORD=Vb7kQ2mm91xT\nPORT=3000\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "lower case names",
        "port=3000\napi_token=tk_9fQ2mZx81LpVw03s\ndb_password=Vb7kQ2mm91xT\n",
    ),
    (
        "names with dots",
        "server.port=3000\nspring.datasource.username=app\nspring.datasource.password=Vb7kQ2mm91xT\nencryption.key=9fQ2mZx81LpVw03s\n",
    ),
    (
        "names with dashes",
        "web-port=3000\napi-token=tk_9fQ2mZx81LpVw03s\ndb-password=Vb7kQ2mm91xT\n",
    ),
    (
        "digits in names",
        "S3_BUCKET=shop\nS3_SECRET_KEY_2=9fQ2mZx81LpVw03s\nOAUTH2_SECRET=Vb7kQ2mm91xT\n",
    ),
    (
        "laravel",
        "APP_NAME=Laravel\nAPP_KEY=base64:9fQ2mZx81LpVw03sVb7kQ2mm91xTabcd9fQ2mZx81Lo=\nDB_CONNECTION=mysql\nDB_PASSWORD=Vb7kQ2mm91xT\nMAIL_FROM_NAME=\"${APP_NAME}\"\nVITE_APP_NAME=\"${APP_NAME}\"\n",
    ),
    (
        "next.js",
        "NEXT_PUBLIC_URL=https://shop.example\nNEXTAUTH_SECRET=9fQ2mZx81LpVw03sVb7kQ2\nNEXT_PUBLIC_DEBUG=0\nDATABASE_URL=\"file:./dev.db\"\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "compose",
        "COMPOSE_PROJECT_NAME=shop\nPOSTGRES_USER=app\nPOSTGRES_PASSWORD=Vb7kQ2mm91xT\nTAG=1.2.3\nMINIO_ROOT_PASSWORD=9fQ2mZx81LpVw03s\n",
    ),
    (
        "django",
        "DEBUG=on\nSECRET_KEY='9fQ2mZx8&1LpV(w03s$Vb7kQ2'\nALLOWED_HOSTS=a.example,b.example\nDATABASE_URL=psql://app:Vb7kQ2mm91xT@127.0.0.1:5432/app\n",
    ),
    (
        "rails",
        "RAILS_ENV=production\nSECRET_KEY_BASE=9f02a1b8c7d6e5f4a3b2c1d0e9f8a7b6\nRAILS_MASTER_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9\nRAILS_MAX_THREADS=5\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "systemd",
        "# EnvironmentFile=/etc/shop.env\n; another comment\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nDB_PASSWORD=\"Vb7kQ2mm91xT\"\n",
    ),
    (
        "lines that are no assignments",
        "# app\nPORT=3000\nthis line is a note\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\n[section]\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "very long value",
        "PORT=3000\nSESSION_SECRET=9f02a1b8c7d6e5f4a3b2c1d0e9f8a7b69f02a1b8c7d6e5f4a3b2c1d0e9f8a7b69f02a1b8c7d6e5f4a3b2c1d0e9f8a7b69f02a1b8c7d6e5f4a3b2c1d0e9f8a7b69f02a1b8c7d6e5f4a3b2c1d0e9f8a7b69f02a1b8c7d6e5f4a3b2c1d0e9f8a7b69f02a1b8c7d6e5f4a3b2c1d0e9f8a7b6\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
    (
        "tabs",
        "PORT\t=\t3000\nAPI_TOKEN=\ttk_9fQ2mZx81LpVw03s\nDB_PASSWORD='Vb7\tkQ2\tmm91xT'\n",
    ),
    (
        "markdown around it",
        "```sh\nPORT=3000\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\n```\nDB_PASSWORD=Vb7kQ2mm91xT\n",
    ),
];
