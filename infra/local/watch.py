"""watch.py <cargo-lambda> <cloud file> <function>: the fast edit loop.

`cargo lambda watch` builds and restarts the function on every change; until it is stopped, the local cloud hands it every
invocation of that function, whether from the API, a queue, the stream or the timetable.
"""

import os
import subprocess
import sys
from pathlib import Path

from cloud import Cloud

PROXY = "MINISTACK_LAMBDA_PROXY_URL"
PORT = "9000"

cargo_lambda, path, function = sys.argv[1:]
cloud = Cloud(path)
if function not in cloud.functions:
    sys.exit(f"no such function: {function}. There are: {', '.join(sorted(cloud.functions))}")
name = cloud.functions[function]
client = cloud.client("lambda")
configuration = client.get_function_configuration(FunctionName=name)
variables = {key: value for key, value in configuration["Environment"]["Variables"].items() if key != PROXY}


def set_variables(variables: dict[str, str]) -> None:
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


set_variables(variables | {PROXY: f"http://127.0.0.1:{PORT}/2015-03-31/functions/{function}/invocations"})
# The function runs here with the operator's rights: what its role forbids shows only when it is deployed.
environment = os.environ | variables | {
    "AWS_REGION": cloud.region,
    "AWS_ACCESS_KEY_ID": cloud.access_key_id,
    "AWS_SECRET_ACCESS_KEY": cloud.secret_access_key,
}
try:
    watch = ["lambda", "watch", "--invoke-port", PORT, "--concurrency", "4", "--bin", function, "--profile", "local"]
    subprocess.run([cargo_lambda, *watch], env=environment, cwd=Path(__file__).parents[2])
except KeyboardInterrupt:
    pass
finally:
    set_variables(variables)
    print(f"{function} runs in the local cloud again.")
