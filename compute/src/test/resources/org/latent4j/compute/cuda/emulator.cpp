#include <cstring>
#include <dlfcn.h>
#include <jni.h>

extern "C" JNIEXPORT jlong JNICALL Java_org_latent4j_compute_cuda_EmulatedGpu_open(JNIEnv* env, jclass, jstring path) {
    const char* name = env->GetStringUTFChars(path, nullptr);
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), dlerror());
    env->ReleaseStringUTFChars(path, name);
    return (jlong) library;
}

extern "C" JNIEXPORT jlong JNICALL Java_org_latent4j_compute_cuda_EmulatedGpu_symbol(
        JNIEnv* env, jclass, jlong library, jstring symbol) {
    const char* name = env->GetStringUTFChars(symbol, nullptr);
    void* function = dlsym((void*) library, name);
    if (!function) env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), dlerror());
    env->ReleaseStringUTFChars(symbol, name);
    return (jlong) function;
}

extern "C" JNIEXPORT void JNICALL Java_org_latent4j_compute_cuda_EmulatedGpu_run(
        JNIEnv* env, jclass, jlong function, jintArray grid, jlong arguments) {
    jint sizes[5];
    env->GetIntArrayRegion(grid, 0, 5, sizes);
    ((void (*)(const int*, void**)) function)(sizes, (void**) arguments);
}

extern "C" JNIEXPORT void JNICALL Java_org_latent4j_compute_cuda_EmulatedGpu_copyBytes(
        JNIEnv*, jclass, jlong to, jlong from, jlong bytes) {
    memmove((void*) to, (void*) from, bytes);
}

extern "C" JNIEXPORT void JNICALL Java_org_latent4j_compute_cuda_EmulatedGpu_zeroBytes(JNIEnv*, jclass, jlong to, jlong bytes) {
    memset((void*) to, 0, bytes);
}
