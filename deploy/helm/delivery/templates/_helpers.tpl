{{- define "delivery.name" -}}
{{- if contains "delivery" .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-delivery" .Release.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "delivery.selector" -}}
app.kubernetes.io/name: delivery
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "delivery.labels" -}}
{{ include "delivery.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* A quantity of memory in MiB. */}}
{{- define "delivery.mebibytes" -}}
{{- $text := toString . -}}
{{- $number := regexFind "^[0-9.]+" $text | float64 -}}
{{- $unit := regexFind "[A-Za-z]*$" $text -}}
{{- $factors := dict "Gi" 1024.0 "Mi" 1.0 "Ki" 0.0009765625 "G" 953.674 "M" 0.953674 "k" 0.000953674 "" 0.00000095367 "Ti" 1048576.0 "T" 953674.0 -}}
{{- if not (hasKey $factors $unit) }}{{ fail (printf "%s is no quantity of memory: give it in Mi or Gi" $text) }}{{ end -}}
{{- mulf $number (get $factors $unit) | floor | int64 -}}
{{- end }}

{{/* What the schema cannot say: rules between values. */}}
{{- define "delivery.check" -}}
{{- $limit := include "delivery.mebibytes" .Values.resources.limits.memory | int64 -}}
{{- if lt $limit 896 }}{{ fail (printf "resources.limits.memory must be at least 896Mi, was %s: 60 %% of it is the heap, and the rest must hold 192Mi that a JVM needs beside it and 150Mi of a command by kubectl exec" .Values.resources.limits.memory) }}{{ end -}}
{{- if gt (include "delivery.mebibytes" .Values.resources.requests.memory | int64) $limit }}{{ fail "resources.requests.memory must be at most resources.limits.memory" }}{{ end -}}
{{- $server := default dict .Values.config.server -}}
{{- range $key, $where := dict "api" "service.apiPort" "admin" "service.adminPort" "credentials" "callersSecret" "credentialsFile" "callersSecret" "adminToken" "adminTokenSecret" "adminTokenFile" "adminTokenSecret" "tls" "tlsSecret" "shutdown" "shutdown" }}
{{- if hasKey $server $key }}{{ fail (printf "config.server.%s is set by this chart: use %s" $key $where) }}{{ end -}}
{{- end -}}
{{- range $key, $where := dict "dataDir" "persistence" "streams" "streams" }}
{{- if hasKey $.Values.config $key }}{{ fail (printf "config.%s is set by this chart: use %s" $key $where) }}{{ end -}}
{{- end -}}
{{- range $key, $where := dict "endpoint" "s3.endpoint" "region" "s3.region" "credentials" "s3.credentialsSecret" "credentialsFile" "s3.credentialsSecret" }}
{{- if hasKey $.Values.s3.settings $key }}{{ fail (printf "s3.settings.%s is set by this chart: use %s" $key $where) }}{{ end -}}
{{- end -}}
{{- $selector := include "delivery.selector" . | fromYaml | keys -}}
{{- $labels := include "delivery.labels" . | fromYaml | keys -}}
{{- $own := dict "podLabels" $selector "podAnnotations" (list "checksum/config") "serviceMonitor.labels" $labels "prometheusRule.labels" $labels "dashboard.labels" $labels -}}
{{- range $value, $names := dict "podLabels" .Values.podLabels "podAnnotations" .Values.podAnnotations "serviceMonitor.labels" .Values.serviceMonitor.labels "prometheusRule.labels" .Values.prometheusRule.labels "dashboard.labels" .Values.dashboard.labels }}
{{- range $name := keys (default dict $names) }}
{{- if has $name (get $own $value) }}{{ fail (printf "%s: %s is set by this chart" $value $name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if hasKey (default dict .Values.config.stores) .Values.s3.name }}{{ fail (printf "config.stores.%s is the store of s3: name one of them otherwise" .Values.s3.name) }}{{ end -}}
{{- range .Values.env }}
{{- if has .name (list "DELIVERY_MEMORY_LIMIT" "DELIVERY_JAVA_OPTS") }}{{ fail (printf "env: %s is set by this chart: use resources.limits.memory and javaOptions" .name) }}{{ end -}}
{{- end -}}
{{- if and (ne .Values.service.type "ClusterIP") .Values.networkPolicy.enabled (not .Values.networkPolicy.producers) }}{{ fail (printf "networkPolicy.producers must say who may come from outside with service.type %s, for example [{ipBlock: {cidr: 192.0.2.0/24}}]: without it only pods may" .Values.service.type) }}{{ end -}}
{{- $tlsConfig := .Values.serviceMonitor.tlsConfig -}}
{{- if include "delivery.adminTls" . }}
{{- if and .Values.serviceMonitor.enabled (not $tlsConfig) }}{{ fail "serviceMonitor.tlsConfig must say what Prometheus trusts, because config.server.adminTls is set" }}{{ end -}}
{{- else if $tlsConfig }}{{ fail "serviceMonitor.tlsConfig is for an admin port with TLS: set config.server.adminTls, or leave it empty" }}{{ end -}}
{{- if and .Values.service.externalTrafficPolicy (eq .Values.service.type "ClusterIP") }}{{ fail "service.externalTrafficPolicy is for what comes from outside of the cluster: leave it empty with service.type ClusterIP" }}{{ end -}}
{{- if .Values.persistence.existingClaim -}}
{{- if eq .Values.persistence.whenDeleted "Delete" }}{{ fail "persistence.existingClaim is a claim of yours, which this chart does not delete: leave persistence.whenDeleted at Retain" }}{{ end -}}
{{- if and .Values.persistence.storageClass (not .Values.minio.enabled) }}{{ fail "persistence.existingClaim has a storage class already: leave persistence.storageClass empty" }}{{ end -}}
{{- end -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" .Release.Name) }}{{ fail (printf "%s cannot be the name of a Service, so that it cannot be that of the release: begin it with a letter, and leave out dots" .Release.Name) }}{{ end -}}
{{- if and .Values.minio.enabled .Values.s3.endpoint }}{{ fail "minio.enabled is a store for a demonstration: leave s3.endpoint empty with it" }}{{ end -}}
{{- if and .Values.minio.enabled .Values.s3.credentialsSecret.name }}{{ fail "minio.enabled has a key of its own: leave s3.credentialsSecret.name empty with it" }}{{ end -}}
{{- end }}

{{/* Which nodes may run a pod, and who may have its image: of every pod of this chart. */}}
{{- define "delivery.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Not empty when the admin port speaks TLS. */}}
{{- define "delivery.adminTls" -}}
{{- if (default dict .Values.config.server).adminTls }}yes{{ end -}}
{{- end }}

{{- define "delivery.s3Secret" -}}
{{- if .Values.minio.enabled }}{{ include "delivery.name" . }}-minio{{ else }}{{ .Values.s3.credentialsSecret.name }}{{ end -}}
{{- end }}

{{- define "delivery.s3Key" -}}
{{- if .Values.minio.enabled }}credentials{{ else }}{{ .Values.s3.credentialsSecret.key }}{{ end -}}
{{- end }}

{{/* What of the configuration needs another pod: everything when the service does not read a changed file by itself. */}}
{{- define "delivery.fixed" -}}
{{- $config := include "delivery.config" . | fromYaml -}}
{{- if eq (toString (dig "server" "reloadOnChange" true $config)) "false" }}{{ toYaml $config }}{{ else }}{{ pick $config "server" "dataDir" "limits" "log" "encryption" | toYaml }}{{ end -}}
{{- end }}

{{/* The configuration file: what this chart knows, and config over it. */}}
{{- define "delivery.config" -}}
{{- $secrets := "/etc/delivery/secrets" -}}
{{- $s3 := deepCopy .Values.s3.settings -}}
{{- $_ := set $s3 "region" .Values.s3.region -}}
{{- if .Values.minio.enabled }}{{ $_ := set $s3 "endpoint" (printf "http://%s-minio:9000" (include "delivery.name" .)) }}{{ else if .Values.s3.endpoint }}{{ $_ := set $s3 "endpoint" .Values.s3.endpoint }}{{ end -}}
{{- if include "delivery.s3Secret" . }}{{ $_ := set $s3 "credentialsFile" (printf "%s/s3/%s" $secrets (include "delivery.s3Key" .)) }}{{ end -}}
{{- $server := dict "api" "0.0.0.0:4573" "admin" "0.0.0.0:4574" "shutdown" (dict "grace" (printf "%ds" (int64 .Values.shutdown.graceSeconds)) "land" .Values.shutdown.land) -}}
{{- if .Values.callersSecret.name }}{{ $_ := set $server "credentialsFile" (printf "%s/callers/%s" $secrets .Values.callersSecret.key) }}{{ end -}}
{{- if .Values.adminTokenSecret.name }}{{ $_ := set $server "adminTokenFile" (printf "%s/admin/%s" $secrets .Values.adminTokenSecret.key) }}{{ end -}}
{{- if .Values.tlsSecret.name }}{{ $_ := set $server "tls" (dict "certificate" (printf "%s/tls/tls.crt" $secrets) "key" (printf "%s/tls/tls.key" $secrets)) }}{{ end -}}
{{- $own := dict "server" $server "dataDir" "/var/lib/delivery/data" "stores" (dict .Values.s3.name (dict "s3" $s3 "default" true)) -}}
{{- if .Values.streams }}{{ $_ := set $own "streams" .Values.streams }}{{ end -}}
{{- mergeOverwrite $own (deepCopy .Values.config) | toYaml -}}
{{- end }}
