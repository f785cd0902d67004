# Every shape of a stream that lands in S3, for TerraformIT. What a run changes are the variables.

terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "5.100.0" } }
}

variable "endpoint" {}
variable "round" { type = number } # each shape has other settings in the second one
variable "encrypted" { type = bool }

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "known"
  secret_key                  = "right-secret"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
  endpoints { firehose = var.endpoint }
}

locals {
  role   = "arn:aws:iam::123456789012:role/firehose"
  first  = var.round == 1
  prefix = local.first ? "raw/" : "new/"
  team   = local.first ? "a" : "b"
}

resource "aws_kinesis_firehose_delivery_stream" "plain" {
  name        = "plain"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = local.role
    bucket_arn = "arn:aws:s3:::${local.team}-events"
  }
  server_side_encryption { enabled = var.encrypted }
  tags = { team = local.team }
}

resource "aws_kinesis_firehose_delivery_stream" "prefixes" {
  name        = "prefixes"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn            = local.role
    bucket_arn          = "arn:aws:s3:::events"
    prefix              = "${local.prefix}!{timestamp:yyyy}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/"
    buffering_size      = local.first ? 10 : 20
    buffering_interval  = 60
    compression_format  = local.first ? "Snappy" : "HADOOP_SNAPPY"
    custom_time_zone    = "Europe/Berlin"
    file_extension      = ".json.snappy"
  }
  server_side_encryption {
    enabled = var.encrypted
    # The provider reads a stream that is not encrypted as one with the default type and no key.
    key_type = var.encrypted ? "CUSTOMER_MANAGED_CMK" : null
    key_arn  = var.encrypted ? "arn:aws:kms:us-east-1:123456789012:key/k1" : null
  }
  tags = { team = local.team, (local.team) = "again" }
}

resource "aws_kinesis_firehose_delivery_stream" "dynamic" {
  name        = "dynamic"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn            = local.role
    bucket_arn          = "arn:aws:s3:::events"
    prefix              = "${local.prefix}c=!{partitionKeyFromQuery:c}/"
    error_output_prefix = "errors/"
    buffering_size      = 64
    dynamic_partitioning_configuration { enabled = true }
    processing_configuration {
      enabled = true
      processors {
        type = "RecordDeAggregation"
        parameters {
          parameter_name  = "SubRecordType"
          parameter_value = "JSON"
        }
      }
      processors { type = "AppendDelimiterToRecord" }
      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = local.first ? "{c:.c}" : "{c:(.c // .d)}"
        }
      }
    }
  }
  server_side_encryption { enabled = var.encrypted }
  tags = { team = local.team }
}

resource "aws_kinesis_firehose_delivery_stream" "parquet" {
  name        = "parquet"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn            = local.role
    bucket_arn          = "arn:aws:s3:::events"
    prefix              = local.prefix
    error_output_prefix = "errors/"
    buffering_size      = 128
    data_format_conversion_configuration {
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {}
        }
      }
      output_format_configuration {
        serializer {
          parquet_ser_de { compression = local.first ? "GZIP" : "SNAPPY" }
        }
      }
      schema_configuration {
        database_name = "shop"
        table_name    = "orders"
        role_arn      = local.role
      }
    }
  }
  server_side_encryption { enabled = var.encrypted }
  tags = { team = local.team }
}

resource "aws_kinesis_firehose_delivery_stream" "orc" {
  name        = "orc"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn            = local.role
    bucket_arn          = "arn:aws:s3:::events"
    prefix              = local.prefix
    error_output_prefix = "errors/"
    buffering_size      = 64
    data_format_conversion_configuration {
      input_format_configuration {
        deserializer {
          hive_json_ser_de { timestamp_formats = ["millis"] }
        }
      }
      output_format_configuration {
        serializer {
          orc_ser_de {
            compression          = local.first ? "ZLIB" : "SNAPPY"
            bloom_filter_columns = ["town"]
          }
        }
      }
      schema_configuration {
        catalog_id    = "tables"
        database_name = "shop"
        table_name    = "orders"
        region        = "us-east-1"
        role_arn      = local.role
        version_id    = "LATEST"
      }
    }
  }
  server_side_encryption { enabled = var.encrypted }
  tags = { team = local.team }
}

resource "aws_kinesis_firehose_delivery_stream" "backup" {
  name        = "backup"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn       = local.role
    bucket_arn     = "arn:aws:s3:::events"
    prefix         = local.prefix
    s3_backup_mode = "Enabled"
    s3_backup_configuration {
      role_arn           = local.role
      bucket_arn         = "arn:aws:s3:::raw"
      prefix             = "raw/${local.prefix}"
      compression_format = local.first ? "GZIP" : "ZIP"
    }
  }
  server_side_encryption { enabled = var.encrypted }
  tags = { team = local.team }
}

data "aws_kinesis_firehose_delivery_stream" "read" {
  name       = "plain"
  depends_on = [aws_kinesis_firehose_delivery_stream.plain]
}

output "read" { value = data.aws_kinesis_firehose_delivery_stream.read.arn }
