#!/bin/sh
# The probes' function, for any place that runs provided.al2023: sh and curl are all it needs.
# An event with Records: says what it got, and fails messages whose body is "poison".
# {"allowed":"<table>","denied":"<table>"}: writes to both tables with its role's credentials and answers with the status codes.
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
headers=$(mktemp)

put() {
  curl -s -o /dev/null -w '%{http_code}' --aws-sigv4 "aws:amz:$AWS_REGION:dynamodb" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" \
    -H 'content-type: application/x-amz-json-1.0' -H 'x-amz-target: DynamoDB_20120810.PutItem' \
    -d "{\"TableName\":\"$1\",\"Item\":{\"pk\":{\"S\":\"function\"},\"sk\":{\"S\":\"wrote\"}}}" \
    "${AWS_ENDPOINT_URL:-https://dynamodb.$AWS_REGION.amazonaws.com}/"
}

field() { printf %s "$event" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }

while event=$(curl -s -D "$headers" "$api/next"); do
  id=$(tr -d '\r' <"$headers" | sed -n 's/^lambda-runtime-aws-request-id: *//Ip')
  [ -n "$id" ] || exit 1
  case $event in
  *'"Records"'*)
    echo "got $(printf %s "$event" | grep -o '"eventName": *"[A-Z]*"\|"body": *"[^"]*"' | tr '\n' ' ')"
    poison=$(printf %s "$event" | grep -o '"messageId": *"[^"]*"[^{]*"body": *"poison"' | sed 's/"messageId": *"\([^"]*\)".*/{"itemIdentifier":"\1"}/' | paste -sd, -)
    answer="{\"batchItemFailures\":[$poison]}"
    ;;
  *'"allowed"'*) answer="{\"allowed\":$(put "$(field allowed)"),\"denied\":$(put "$(field denied)")}" ;;
  *) answer='{"statusCode":200,"body":"probe"}' ;;
  esac
  curl -s -o /dev/null -X POST -d "$answer" "$api/$id/response"
done
